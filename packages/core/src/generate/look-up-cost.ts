import { pause } from "../http/pause.js";
import type { Clocks } from "../provider/llm-provider.js";
import { costOfGeneration } from "../usage/read-cost.js";
import type { Cost } from "../usage/usage.js";
import type { CallScope, Engine } from "./engine.js";

/** A fresh generation is not found for a while; these are the pauses between the looks, in milliseconds. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];

/** Nobody waits for a look: none goes on for longer than this, whatever the call's own clocks are. */
const LOOK_MS = 10_000;
const CLOCKS: Clocks = { connectMs: LOOK_MS, firstTokenMs: LOOK_MS, idleMs: LOOK_MS, totalMs: 0 };

/** Only OpenRouter tells afterwards what a generation cost. */
export function canLookUp({ provider }: Engine, generationId: string | undefined): boolean {
  return generationId !== undefined && provider.name === "openrouter" && provider.get !== undefined;
}

/** What a generation cost; undefined where it stays unknown, or when the client closes. */
export async function lookUpCost(engine: Engine, scope: CallScope, generationId: string): Promise<Cost | undefined> {
  for (const ms of PAUSES_MS) {
    try {
      await pause(ms, engine.clock, engine.closing, false);
      const answer = await engine.provider.get?.(`/generation?id=${encodeURIComponent(generationId)}`, {
        apiKey: await scope.apiKey?.(),
        signal: engine.closing,
        clocks: CLOCKS,
        background: true,
      });
      const cost = costOfGeneration((answer?.body as { data?: unknown } | undefined)?.data);
      if (cost !== undefined) return cost;
    } catch (error) {
      if (engine.closing.aborted) return undefined;
      // A look that fails is tried again; where all fail, the caller estimates.
      const name = error instanceof Error ? error.name : "unknown";
      engine.logger?.debug?.("generation look-up failed", { generationId, error: name });
    }
  }
  return undefined;
}
