import { definePipeline, LLMClient, memoryRunStore, step } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { pipelineProcessor, type RunJob } from "../src/bullmq/index.js";
import { looseJob } from "./bullmq-jobs.js";

test("a processor closes though the queue's Redis is away, and its jobs cannot be put back", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const llm = new LLMClient({ provider: scriptedProvider(), env: false });
  onTestFinished(() => llm.close());
  const begun = Promise.withResolvers<void>();
  const stopped = new Promise<never>(() => {});
  const deck = definePipeline("deck", [
    step("slides", async () => {
      begun.resolve();
      return stopped;
    }),
  ]);
  const putBack = Promise.withResolvers<void>();
  const job: RunJob = {
    ...looseJob({ data: { runId: "r" } }).job,
    moveToDelayed: () => {
      putBack.resolve();
      return new Promise(() => {});
    },
  };
  const processor = pipelineProcessor(deck, { llm, store: memoryRunStore() });
  void processor(job, "token");
  await begun.promise;
  let isClosed = false;
  const closed = processor.close({ graceMs: 0 }).then(() => {
    isClosed = true;
  });
  await vi.advanceTimersByTimeAsync(1);
  await putBack.promise;
  expect(isClosed).toBe(false);
  await vi.advanceTimersByTimeAsync(5_000);
  await closed;
  expect(isClosed).toBe(true);
});
