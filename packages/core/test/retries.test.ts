import { describe, expect, test } from "vitest";
import { createError } from "../src/errors/error-classes.js";
import { LLMClient, type LLMClientOptions, type RetryEvent } from "../src/index.js";
import { type ScriptedReplySource, scriptedProvider } from "../src/testing/index.js";
import { ManualClock } from "./manual-clock.js";
import { rejection } from "./rejection.js";

const overloaded = () =>
  createError("provider_overloaded", "busy", { upstream: { status: 503 }, generationId: "gen-0" });

function client(replies: ScriptedReplySource[], options: LLMClientOptions = {}) {
  const provider = scriptedProvider(replies);
  const clock = new ManualClock();
  const llm = new LLMClient({ provider, clock, env: false, ...options });
  return { llm, clock, provider };
}

describe.each(["generate", "stream"] as const)("retries of %s()", (kind) => {
  const ask = async (llm: LLMClient, more: object = {}) =>
    kind === "generate" ? llm.generate({ prompt: "hi", ...more }) : llm.stream({ prompt: "hi", ...more }).result;

  test("waits with full jitter over a doubling bound, and records every attempt", async () => {
    const { llm, clock } = client([overloaded(), overloaded(), "finally"]);
    const events: RetryEvent[] = [];
    llm.on("retry", (event) => events.push(event));
    const running = ask(llm);
    await clock.waiting(250);
    clock.advance(250);
    await clock.waiting(500);
    clock.advance(500);
    const result = await running;
    expect(result.text).toBe("finally");
    expect(result.attempts).toEqual([
      { number: 1, status: 503, code: "provider_overloaded", generationId: "gen-0", waitedMs: 250, durationMs: 0 },
      { number: 2, status: 503, code: "provider_overloaded", generationId: "gen-0", waitedMs: 500, durationMs: 0 },
      { number: 3, status: 200, generationId: "gen-scripted-1", durationMs: 0 },
    ]);
    expect(events.map(({ attempt, delayMs, code, status }) => [attempt, delayMs, code, status])).toEqual([
      [1, 250, "provider_overloaded", 503],
      [2, 500, "provider_overloaded", 503],
    ]);
  });

  test("F45 a hint beyond the total fails at once and is told", async () => {
    const limited = createError("rate_limit", "rate limit exceeded", {
      retryAfterMs: 31_000,
      upstream: { status: 429 },
    });
    const { llm, provider } = client([limited]);
    const error = await rejection(ask(llm));
    expect([error.code, error.retryAfterMs, error.attempts.length, provider.requests.length]).toEqual([
      "rate_limit",
      31_000,
      1,
      1,
    ]);
  });

  test("gives up after the last retry, with all attempts on the error", async () => {
    const { llm, clock } = client([overloaded()], { retry: { maxRetries: 1 } });
    clock.fixedRandom = 0;
    const running = rejection(ask(llm));
    await clock.waiting(0);
    clock.advance(0);
    expect((await running).attempts.map(({ number, code }) => [number, code])).toEqual([
      [1, "provider_overloaded"],
      [2, "provider_overloaded"],
    ]);
  });

  test("R8 with retries off there is exactly one request", async () => {
    const { llm, provider } = client([overloaded()], { retry: false });
    expect((await rejection(ask(llm))).attempts).toHaveLength(1);
    expect((await rejection(ask(llm, { retry: { maxRetries: 0 } }))).attempts).toHaveLength(1);
    expect(provider.requests).toHaveLength(2);
  });

  test("F31 an abort during the wait rejects at once and leaves no timer behind", async () => {
    const { llm, clock, provider } = client([overloaded()]);
    const controller = new AbortController();
    const running = rejection(ask(llm, { signal: controller.signal }));
    await clock.waiting(250);
    controller.abort("enough");
    const error = await running;
    expect([error.code, error.cause, error.attempts.length, provider.requests.length, clock.pending]).toEqual([
      "aborted",
      "enough",
      1,
      1,
      [],
    ]);
  });

  test("what is thrown but is no LLMError is not retried, and stays as the cause", async () => {
    const bug = new TypeError("x is not a function");
    const { llm, provider } = client([bug]);
    const error = await rejection(ask(llm));
    expect([error.code, error.retryable, error.cause, provider.requests.length]).toEqual([
      "provider_error",
      false,
      bug,
      1,
    ]);
  });
});

test("R4 nothing is retried after the first delta, and everything before it", async () => {
  const seen = async (replies: ScriptedReplySource[]) => {
    const { llm, clock, provider } = client(replies);
    clock.fixedRandom = 0;
    const texts: string[] = [];
    const stream = llm.stream({ prompt: "hi" });
    const reading = (async () => {
      for await (const text of stream) texts.push(text);
    })().catch(() => {});
    let over = false;
    const done = reading.then(() => {
      over = true;
    });
    while (!over) {
      clock.advance(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    return [texts.join(""), provider.requests.length];
  };
  const cut = { text: "one two", error: overloaded() };
  expect(await seen([{ error: overloaded() }, "fine"])).toEqual(["fine", 2]);
  expect(await seen([cut, "never"])).toEqual(["one two", 1]);
});

test("R4 1,000 parallel calls against a dead upstream make at most 1,100 requests, and a success gives a retry back", async () => {
  const { llm, clock, provider } = client([overloaded()]);
  clock.fixedRandom = 0;
  const settled = Promise.allSettled(Array.from({ length: 1_000 }, () => llm.generate({ prompt: "hi" })));
  let over = false;
  const watched = settled.then(() => {
    over = true;
  });
  while (!over) {
    clock.advance(0);
    await Promise.resolve();
  }
  await watched;
  expect(provider.requests).toHaveLength(1_100);
});

test.each([
  ["total", { totalMs: 700, firstTokenMs: 0 }, false],
  ["first_token", { firstTokenMs: 700 }, true],
])("four clocks: the %s clock names its phase, in detail too", async (phase, timeouts, retryable) => {
  const { llm, clock } = client([() => new Promise<string>(() => {})]);
  const failure = rejection(llm.generate({ prompt: "hi", timeouts, retry: false }));
  await clock.waiting(700);
  clock.advance(700);
  const detail = expect.stringMatching(new RegExp(`^${phase} timeout: .*700 ms`));
  expect(await failure).toMatchObject({ code: "timeout", phase, detail, retryable });
});
