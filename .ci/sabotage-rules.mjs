/**
 * One line of the source for each rule, with what it is replaced by, and the tests that must notice.
 * @typedef {object} Sabotage
 * @property {string} rule
 * @property {string} breaks what the sabotaged source does
 * @property {string} file below packages/core
 * @property {string} line as it stands in the file, without its indentation; it must stand there once
 * @property {string} instead
 * @property {string[]} tests files below packages/core
 */

const RULES = "test/fault-rules.test.ts";

/** @type {readonly Sabotage[]} */
export const SABOTAGES = [
  {
    rule: "R1",
    breaks: "a cut answer counts as a whole one",
    file: "src/generate/turn.ts",
    line: 'if (!this.#chunks?.done) throw createError("stream_truncated", "stream ended unexpectedly", { phase: "streaming" });',
    instead: "",
    tests: [RULES],
  },
  {
    rule: "R2",
    breaks: "texts of errors keep the key that upstream repeated",
    file: "src/errors/llm-error.ts",
    line: "const safe = (text: string | undefined) => (text === undefined ? undefined : redactSecrets(text, fields.secrets));",
    instead: "const safe = (text: string | undefined) => text;",
    tests: [RULES],
  },
  {
    rule: "R3",
    breaks: "an error in the first choice is not looked for",
    file: "src/errors/read-error-body.ts",
    line: 'if (isError(choice.error)) return found(choice.error, "choice", body);',
    instead: "",
    tests: [RULES],
  },
  {
    rule: "R4",
    breaks: "a call is tried again behind its first delta",
    file: "src/generate/exchange.ts",
    line: "const retryable = error.retryable && !delivered;",
    instead: "const retryable = error.retryable;",
    tests: [RULES],
  },
  {
    rule: "R5",
    breaks: "upstream's Retry-After is not waited for",
    file: "src/http/retry-policy.ts",
    line: "const delay = Math.max(error.retryAfterMs ?? 0, state.random * bound);",
    instead: "const delay = state.random * bound;",
    tests: [RULES, "src/http/retry-policy.test.ts"],
  },
  {
    rule: "R6",
    breaks: "a turn with a call that was cut does not end as length",
    file: "src/generate/finish-reason.ts",
    line: "const broken = calls.some((call) => call.invalid);",
    instead: "const broken = false;",
    tests: [RULES, "src/generate/finish-reason.test.ts"],
  },
  {
    rule: "R7",
    breaks: "no byte feeds the idle clock",
    file: "src/http/exchange.ts",
    line: "const left = this.#lastByte + this.#request.idleMs - this.#clock.now();",
    instead: "const left = 0;",
    tests: [RULES],
  },
  {
    rule: "R8",
    breaks: "there is one try more than was allowed",
    file: "src/http/retry-policy.ts",
    line: "if (!error.retryable || state.attempt > settings.maxRetries) return undefined;",
    instead: "if (!error.retryable || state.attempt > settings.maxRetries + 1) return undefined;",
    tests: [RULES, "test/retries.test.ts"],
  },
  {
    rule: "R9",
    breaks: "a finish word of tomorrow passes for a good end",
    file: "src/generate/finish-reason.ts",
    line: 'const word = (raw === undefined ? undefined : KNOWN.get(raw.toLowerCase())) ?? "unknown";',
    instead: 'const word = (raw === undefined ? undefined : KNOWN.get(raw.toLowerCase())) ?? "stop";',
    tests: [RULES],
  },
  {
    rule: "R10",
    breaks: "a finished call leaves its listener on the caller's signal",
    file: "src/generate/call-signal.ts",
    line: 'source.removeEventListener("abort", followers.onAbort);',
    instead: "",
    tests: [RULES],
  },
];
