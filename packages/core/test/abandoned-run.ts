import type { LLM } from "../src/client/llm.js";
import { definePipeline } from "../src/steps/define-pipeline.js";
import { runPipeline } from "../src/steps/run-pipeline.js";
import { step } from "../src/steps/step.js";
import type { RunStore, StepEvent } from "../src/steps/step-types.js";
import { ManualClock } from "./manual-clock.js";

/** Two steps; the second has made one of its two items and waits for `gate` before the other. */
export function itemByItem() {
  const gate = Promise.withResolvers<void>();
  const made: string[] = [];
  const pipeline = definePipeline("deck", [
    step("outline", () => made.push("outline")),
    step("slides", async ({ item, progress }) => {
      await item("1", async () => made.push("slide 1"));
      progress({ data: "slide 1", fraction: 0.5 });
      await gate.promise;
      await item("2", async () => made.push("slide 2"));
      return "both";
    }),
  ]);
  return { pipeline, gate, made };
}

/**
 * Runs until an item is made, and then as a process that has died: its clock stands still, nothing of it reaches the
 * store any more.
 */
export async function abandon(store: RunStore, llm: LLM, runId: string): Promise<ReturnType<typeof itemByItem>> {
  let isDead = false;
  const unlessDead = <T>(ask: () => Promise<T>) => (isDead ? new Promise<never>(() => {}) : ask());
  const dying: RunStore = {
    append: (...args) => unlessDead(() => store.append(...args)),
    read: (...args) => unlessDead(() => store.read(...args)),
    checkpoint: (...args) => unlessDead(() => store.checkpoint(...args)),
    load: (...args) => unlessDead(() => store.load(...args)),
    lease: (...args) => unlessDead(() => store.lease(...args)),
  };
  const parts = itemByItem();
  const run = runPipeline(parts.pipeline, { topic: "AI" }, { llm, store: dying, runId, clock: new ManualClock() });
  const events = run[Symbol.asyncIterator]();
  for (let event: StepEvent | undefined; event?.data !== "slide 1"; ) event = (await events.next()).value as StepEvent;
  isDead = true;
  return parts;
}
