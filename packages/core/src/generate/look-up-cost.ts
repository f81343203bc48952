import { AuthenticationError, PermissionError } from "../errors/error-classes.js";
import { pause } from "../http/pause.js";
import { beforeAbort } from "../limits/before-abort.js";
import type { Clocks } from "../provider/llm-provider.js";
import { costOfGeneration } from "../usage/read-cost.js";
import { usageOfGeneration } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import { CallSignal } from "./call-signal.js";
import type { CallScope, Engine } from "./engine.js";

/** What a look found. */
export interface Found {
  cost: Cost;
  usage: Usage | undefined;
}

/** A fresh generation is not found for a while; these are the pauses between the looks, in milliseconds. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];

/** Nobody waits for a look: none goes on for longer than this, whatever the call's own clocks are. */
const LOOK_MS = 10_000;
const CLOCKS: Clocks = { connectMs: LOOK_MS, firstTokenMs: LOOK_MS, idleMs: LOOK_MS, totalMs: 0 };

/** Only OpenRouter tells afterwards what a generation cost. */
export function canLookUp({ provider }: Engine, generationId: string | undefined): boolean {
  return generationId !== undefined && provider.name === "openrouter" && provider.get !== undefined;
}

/** What a generation cost and took; undefined where it stays unknown, or when the client has closed. */
export async function lookUpCost(engine: Engine, scope: CallScope, generationId: string): Promise<Found | undefined> {
  for (const ms of PAUSES_MS) {
    try {
      await pause(ms, engine.clock, engine.ending, false);
      const answer = await engine.provider.get?.(`/generation?id=${encodeURIComponent(generationId)}`, {
        apiKey: await askKey(engine, scope),
        signal: engine.ending,
        clocks: CLOCKS,
        background: true,
      });
      const data = (answer?.body as { data?: unknown } | undefined)?.data;
      const cost = costOfGeneration(data);
      if (cost !== undefined) return { cost, usage: usageOfGeneration(data) };
    } catch (error) {
      if (engine.ending.aborted || AuthenticationError.is(error) || PermissionError.is(error)) return undefined;
      // A look that fails is tried again; where all fail, the caller estimates.
      const name = error instanceof Error ? error.name : "unknown";
      engine.logger?.debug?.("generation look-up failed", { generationId, error: name });
    }
  }
  return undefined;
}

/** A key function that hangs is waited for no longer than the look itself: until then money stays set aside. */
async function askKey({ ending, clock }: Engine, scope: CallScope): Promise<string | undefined> {
  const key = scope.apiKey?.();
  if (!(key instanceof Promise)) return key;
  const end = new CallSignal([ending], LOOK_MS, clock);
  try {
    return await beforeAbort(key, end.signal);
  } finally {
    end.release();
  }
}
