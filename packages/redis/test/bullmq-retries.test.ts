import { definePipeline, InvalidRequestError, memoryRunStore, step } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { enqueueRun, pipelineProcessor } from "../src/bullmq/index.js";
import { jobQueue, simulatedModel } from "./bullmq-jobs.js";
import { hasRedis, redisForTests } from "./redis-server.js";

describe.skipIf(!hasRedis)("a job that is retried by hand", () => {
  const redis = redisForTests();

  test("still has its input where its first attempt failed before the run began", async () => {
    const { llm } = await simulatedModel();
    const store = memoryRunStore();
    const jobs = await jobQueue(redis());
    const seen: unknown[] = [];
    const deck = definePipeline<{ topic: string }>("deck", [step("outline", async ({ input }) => seen.push(input))]);
    let isKnown = false;
    const scope = () => {
      if (!isKnown) throw new InvalidRequestError("invalid_request", "no such tenant");
      return {};
    };
    jobs.work(pipelineProcessor(deck, { llm, store, scope }));
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store });
    await expect(jobs.result(runId)).rejects.toThrow("no such tenant");
    isKnown = true;
    await (await jobs.job(runId)).retry();
    await jobs.result(runId);
    expect(seen).toEqual([{ topic: "bees" }]);
  });
});
