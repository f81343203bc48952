import { definePipeline, followRun, InvalidRequestError, step } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { enqueueRun, pipelineProcessor } from "../src/bullmq/index.js";
import { jobQueue, simulatedModel } from "./bullmq-jobs.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import { newPrefix, runStoreBy } from "./run-stores.js";

/** A worker that is gone is noticed soon. */
const SOON = { lockDuration: 500, stalledInterval: 200 };

describe.skipIf(!hasRedis)("a job that has stalled", () => {
  const redis = redisForTests();

  test("as its worker was closed by force, is done by another one, and what the first still writes is refused", async () => {
    const { llm } = await simulatedModel();
    const prefix = newPrefix();
    const { store: first } = await runStoreBy("ioredis", redis().url, prefix);
    const { store: second } = await runStoreBy("ioredis", redis().url, prefix);
    const jobs = await jobQueue(redis());
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<string>();
    const slow = step("write", () => {
      begun.resolve();
      return gate.promise;
    });
    const refused = Promise.withResolvers<unknown>();
    // It also hears that its progress cannot be told any more.
    const onError = (error: unknown) => InvalidRequestError.is(error) && refused.resolve(error);
    const processor = pipelineProcessor(definePipeline("deck", [slow]), { llm, store: first, onError });
    const worker = jobs.work(processor, SOON);
    const { runId } = await enqueueRun(jobs.queue, {}, { store: first });
    await begun.promise;
    await worker.close(true);
    const quick = definePipeline("deck", [step("write", () => "by another one")]);
    jobs.work(pipelineProcessor(quick, { llm, store: second }), SOON);
    expect(await jobs.result(runId)).toEqual({ runId });
    gate.resolve("too late");
    expect(await refused.promise).toMatchObject({ status: 409, detail: expect.stringContaining("was taken over") });
    const told = await Array.fromAsync(followRun(second, runId));
    expect(told.map(({ status, data, final }) => [status, data, final])).toMatchObject([
      ["started", null, undefined],
      ["error", { code: "interrupted" }, undefined],
      ["started", null, undefined],
      ["completed", "by another one", true],
    ]);
    expect(await second.lease(runId, 1, "who resumes it")).toBe(true);
  });
});
