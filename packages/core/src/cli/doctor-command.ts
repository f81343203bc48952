import type { LLMClientOptions } from "../client/client-options.js";
import type { LLMClient } from "../client/llm-client.js";
import { resolveClientOptions } from "../client/resolve-options.js";
import { AuthenticationError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import { describeFailure } from "./describe-failure.js";
import { CHECKS } from "./doctor-checks.js";
import { type Finding, printFinding, printSummary } from "./doctor-report.js";
import { readFlags } from "./flags.js";
import { isPlaceholderKey, maskKey } from "./mask-key.js";
import { openClient } from "./open-client.js";
import { findSimulator, INSTALL_SIMULATOR } from "./simulator.js";
import { type Terminal, writeLine } from "./terminal.js";

const FLAGS = { model: { type: "string" }, simulate: { type: "boolean" }, json: { type: "boolean" } } as const;

/** Enough for a slow model, short enough for someone who waits. */
const CHECK_MS = 60_000;

/** `signalbox doctor`: 0 where nothing failed, 1 where something did, 2 where the simulator is asked for and missing. */
export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = readFlags(args, FLAGS);
  const base: LLMClientOptions = {
    ...(terminal.env && { env: terminal.env }),
    ...(values.model !== undefined && { model: values.model }),
    timeouts: { totalMs: CHECK_MS },
  };
  if (!values.simulate) return examine(base, terminal, values.json);
  const simulator = await findSimulator(terminal.loadSimulator);
  if (simulator === undefined) {
    await writeLine(terminal.stderr, `The simulator is not installed:\n  ${INSTALL_SIMULATOR}`);
    return 2;
  }
  try {
    const simulated = { ...base, provider: "openrouter", apiKey: "sk-or-v1-simulated-key", baseURL: simulator.baseURL };
    return await examine({ ...simulated, env: {} } as LLMClientOptions, terminal, values.json);
  } finally {
    await simulator.close();
  }
}

async function examine(options: LLMClientOptions, terminal: Terminal, json = false): Promise<number> {
  const findings: Finding[] = [];
  const note = async (finding: Finding) => {
    findings.push(finding);
    if (!json) await printFinding(terminal, finding);
  };
  const client = await configure(options, terminal.signal, note);
  await runChecks(client, terminal.signal, note);
  const spent = client.llm?.usage.total ?? { totalTokens: 0, totalUsd: 0 };
  if (json) await writeLine(terminal.stdout, JSON.stringify({ findings, spent }, null, 2));
  else await printSummary(terminal, findings, spent);
  await client.llm?.close();
  return findings.some(({ outcome }) => outcome === "fail") ? 1 : 0;
}

interface Configured {
  llm?: LLMClient;
  provider: string;
  model: string;
  key?: string | undefined;
  /** Why nothing is asked. */
  idle?: string;
}

async function configure(
  options: LLMClientOptions,
  signal: AbortSignal,
  note: (finding: Finding) => Promise<void>,
): Promise<Configured> {
  const check = "configuration";
  try {
    const resolved = resolveClientOptions(options);
    const { providerName: provider, model = "" } = resolved;
    const key = await resolved.apiKey?.();
    const shown = key === undefined ? "without a key" : `key ${maskKey(key)}`;
    await note({ check, outcome: "pass", detail: `${provider}, ${shown}, model ${model}` });
    const idle = key !== undefined && isPlaceholderKey(key) ? { idle: "the key is a placeholder" } : {};
    return { llm: openClient(options, signal), provider, model, key, ...idle };
  } catch (error) {
    if (!LLMError.is(error)) throw error;
    await note({ check, outcome: "fail", detail: error.detail, hint: error.hint });
    return { provider: "", model: "", idle: "the configuration is not complete" };
  }
}

async function runChecks(
  { llm, provider, model, key, idle }: Configured,
  signal: AbortSignal,
  note: (finding: Finding) => Promise<void>,
): Promise<void> {
  let reason = idle;
  for (const { name: check, run } of CHECKS) {
    if (llm === undefined || reason !== undefined) {
      await note({ check, outcome: "skip", detail: reason ?? "" });
      continue;
    }
    const began = performance.now();
    try {
      const detail = await run(llm, { provider, model, key, signal });
      await note({ check, outcome: "pass", detail, ms: performance.now() - began });
    } catch (error) {
      if (signal.aborted) throw error;
      const [detail, hint] = describeFailure(error).split("\n  ");
      await note({ check, outcome: "fail", detail: detail ?? "", hint, ms: performance.now() - began });
      // Each further check would ask with the same key and be refused in the same way.
      if (AuthenticationError.is(error)) reason = "the key was refused";
    }
  }
}
