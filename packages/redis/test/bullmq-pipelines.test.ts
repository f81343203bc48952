import { definePipeline, followRun, memoryRunStore, type RunStore, type StepEvent, step } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { enqueueRun, jobRunId, pipelineProcessor } from "../src/bullmq/index.js";
import { attempts, jobQueue, simulatedModel } from "./bullmq-jobs.js";
import { hasRedis, redisForTests } from "./redis-server.js";

interface Topic {
  topic: string;
}

/** Each of three slides is one paid call. */
const deck = definePipeline<Topic>("deck", [
  step("outline", async ({ input, llm }) => (await llm.generate({ prompt: `Outline of ${input.topic}` })).text),
  step("slides", async ({ input, llm, item }) => {
    const slides: string[] = [];
    for (const number of [1, 2, 3]) {
      const ask = async () => (await llm.generate({ prompt: `Slide ${number} of ${input.topic}` })).text;
      slides.push(await item(`${number}`, ask));
    }
    return slides;
  }),
]);

async function toldTo(store: RunStore, runId: string): Promise<StepEvent[]> {
  const events: StepEvent[] = [];
  for await (const event of followRun(store, runId)) events.push(event);
  return events;
}

const brief = (events: readonly StepEvent[]) =>
  events.map(({ seq, step: name, status, final }) => `${seq} ${name} ${status}${final ? " final" : ""}`);

const WHOLE = ["1 outline started", "2 outline completed", "3 slides started", "4 slides completed final"];

describe.skipIf(!hasRedis)("a pipeline as a job", () => {
  const redis = redisForTests();

  async function setUp(options: Partial<Parameters<typeof pipelineProcessor<Topic>>[1]> = {}) {
    const { simulator, llm, client } = await simulatedModel();
    const store = memoryRunStore();
    const jobs = await jobQueue(redis());
    const processor = pipelineProcessor(deck, { llm, store, ...options });
    const paid = () => simulator.requests.map(({ prompt }) => prompt.slice(0, 7));
    return { simulator, client, store, jobs, processor, paid };
  }

  test("can be followed before a worker has it, and returns where its run is told", async () => {
    const { store, jobs, processor, paid } = await setUp();
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store });
    const told = toldTo(store, runId);
    jobs.work(processor);
    expect(await jobs.result(runId)).toEqual({ runId });
    expect(brief(await told)).toEqual(WHOLE);
    expect((await jobs.job(runId)).progress).toBe(100);
    expect(paid()).toEqual(["Outline", "Slide 1", "Slide 2", "Slide 3"]);
  });

  test("keeps its input in the run log and not in the job, its result only where asked to", async () => {
    const { store, jobs, processor } = await setUp({ keepResult: true });
    const { runId } = await enqueueRun(jobs.queue, { topic: "the secret of bees" }, { store });
    jobs.work(processor);
    expect(await jobs.result(runId)).toEqual({
      runId,
      result: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect((await jobs.job(runId)).data).toEqual({ runId });
  });

  test("added by hand carries its input, and finds its run by the job", async () => {
    const { store, jobs, processor } = await setUp();
    const job = await jobs.queue.add("deck", { input: { topic: "bees" } });
    const runId = jobRunId(job);
    expect(runId).toMatch(/^[0-9a-f]{32}$/);
    jobs.work(processor);
    expect(await jobs.result(job.id as string)).toEqual({ runId });
    expect(brief(await toldTo(store, runId))).toEqual(WHOLE);
  });

  test("is charged to whom `scope` says, with that tenant's key", async () => {
    const { simulator, store, jobs, processor } = await setUp({
      scope: ({ data }) => ({ apiKey: `sk-or-v1-of-${(data as { tenant: string }).tenant}` }),
    });
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store, data: { tenant: "ann" } });
    jobs.work(processor);
    await jobs.result(runId);
    expect(simulator.requests.map(({ headers }) => headers.authorization?.slice(-4))).toEqual(
      Array.from({ length: 4 }, () => "-ann"),
    );
  });

  test("goes on at the item that failed, in its next attempt, and followers see one run", async () => {
    const heard: unknown[] = [];
    const { simulator, store, jobs, processor, paid } = await setUp({
      onError(error, run) {
        heard.push([(error as { code: string }).code, run.step]);
        throw new Error("the pager is away");
      },
    });
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    simulator.fault("503", { when: ({ prompt }) => prompt.startsWith("Slide 2") });
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store, job: attempts(2) });
    const told = toldTo(store, runId);
    jobs.work(processor);
    await jobs.result(runId);
    expect(brief(await told)).toEqual([
      ...WHOLE.slice(0, 3),
      "4 slides error",
      "5 slides started",
      "6 slides completed final",
    ]);
    expect(paid()).toEqual(["Outline", "Slide 1", "Slide 2", "Slide 2", "Slide 3"]);
    expect(heard).toEqual([["provider_overloaded", "slides"]]);
    expect((await warned).message).toBe("onError of a job processor failed: Error");
    expect((await jobs.job(runId)).attemptsMade).toBe(2);
  });

  test("waits as long as the provider says, whatever its backoff is", async () => {
    const { simulator, store, jobs, processor } = await setUp();
    simulator.fault("429", { retryAfter: 1, when: ({ prompt }) => prompt.startsWith("Outline") });
    const job = { attempts: 2, backoff: { type: "fixed", delay: 600_000 } };
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store, job });
    const delays: unknown[] = [];
    jobs.work(processor).on("failed", (failed) => delays.push(failed?.delay));
    await jobs.result(runId);
    expect(simulator.requests.slice(0, 2).map(({ status }) => status)).toEqual([429, 200]);
    expect(delays).toEqual([1_000]);
  });

  test("fails for good where another attempt would be the same, and goes on when it is retried by hand", async () => {
    const { simulator, store, jobs, processor, paid } = await setUp();
    simulator.fault("402", { when: ({ prompt }) => prompt.startsWith("Slide 3") });
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store, job: attempts(5) });
    const told = toldTo(store, runId);
    jobs.work(processor);
    await expect(jobs.result(runId)).rejects.toThrow("insufficient balance");
    expect((await told).at(-1)).toMatchObject({ final: true, data: { code: "insufficient_credits" } });
    const job = await jobs.job(runId);
    expect(job.attemptsMade).toBe(1);
    await job.retry();
    expect(await jobs.result(runId)).toEqual({ runId });
    expect(paid()).toEqual(["Outline", "Slide 1", "Slide 2", "Slide 3", "Slide 3"]);
  });

  test("that fails in every attempt is told its end once, by the last one", async () => {
    const { simulator, store, jobs, processor, paid } = await setUp();
    simulator.fault("503", { times: 3 });
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store, job: attempts(3) });
    const told = toldTo(store, runId);
    jobs.work(processor);
    await expect(jobs.result(runId)).rejects.toThrow("overloaded");
    const attempt = (seq: number) => [`${seq} outline started`, `${seq + 1} outline error`];
    expect(brief(await told)).toEqual([...attempt(1), ...attempt(3), ...attempt(5).with(1, "6 outline error final")]);
    expect([paid(), (await store.load(runId))?.job]).toEqual([Array(3).fill("Outline"), {}]);
    expect(await store.lease(runId, 1, "who resumes it")).toBe(true);
  });

  test("that is stopped through the store closes upstream and fails for good", async () => {
    const { simulator, store, jobs, processor } = await setUp();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Slide 1") });
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store, job: attempts(5) });
    const told = toldTo(store, runId);
    jobs.work(processor);
    await simulator.waitFor(({ prompt }) => prompt.startsWith("Slide 1"));
    await store.cancel?.(runId);
    await expect(jobs.result(runId)).rejects.toThrow("the run was aborted");
    expect((await told).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
    expect((await simulator.waitFor(({ state }) => state === "closed-by-client")).prompt).toContain("Slide 1");
    expect((await jobs.job(runId)).attemptsMade).toBe(1);
  });

  test("that is stopped while it waits asks nobody when its turn comes", async () => {
    const { simulator, store, jobs, processor } = await setUp();
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store, job: attempts(5) });
    await store.cancel?.(runId);
    jobs.work(processor);
    await expect(jobs.result(runId)).rejects.toThrow("the run was aborted");
    expect((await toldTo(store, runId)).map(({ data }) => (data as { code: string }).code)).toEqual(["aborted"]);
    expect(simulator.requests).toEqual([]);
  });

  test("is put back by a worker that closes, without counting an attempt, and another one goes on", async () => {
    const { simulator, store, jobs, processor, paid } = await setUp();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Slide 2") });
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store });
    const told = toldTo(store, runId);
    const worker = jobs.work(processor);
    await simulator.waitFor(({ prompt }) => prompt.startsWith("Slide 2"));
    await Promise.all([processor.close({ graceMs: 0 }), worker.close()]);
    expect((await simulator.waitFor(({ state }) => state === "closed-by-client")).prompt).toContain("Slide 2");
    expect((await jobs.job(runId)).attemptsMade).toBe(0);

    const { llm } = await simulatedModel();
    jobs.work(pipelineProcessor(deck, { llm, store }));
    expect(await jobs.result(runId)).toEqual({ runId });
    expect(brief(await told)).toEqual([
      ...WHOLE.slice(0, 3),
      "4 slides error",
      "5 slides started",
      "6 slides completed final",
    ]);
    expect(paid()).toEqual(["Outline", "Slide 1", "Slide 2"]);
  });

  test("is put back as well where only the client is closed", async () => {
    const { simulator, client, store, jobs, paid } = await setUp();
    const llm = client();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Slide 2") });
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store });
    const closed = pipelineProcessor(deck, { llm, store });
    const worker = jobs.work(closed);
    await simulator.waitFor(({ prompt }) => prompt.startsWith("Slide 2"));
    await llm.close();
    await worker.close();
    expect((await jobs.job(runId)).attemptsMade).toBe(0);
    jobs.work(pipelineProcessor(deck, { llm: client(), store }));
    expect(await jobs.result(runId)).toEqual({ runId });
    expect(paid()).toEqual(["Outline", "Slide 1", "Slide 2", "Slide 2", "Slide 3"]);
  });

  test("that ends within the grace of a worker that closes, ends well", async () => {
    const { store, jobs, processor } = await setUp();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const gated = definePipeline("gated", [
      step("wait", async () => {
        begun.resolve();
        await gate.promise;
        return "done";
      }),
    ]);
    const { llm } = await simulatedModel();
    const own = pipelineProcessor(gated, { llm, store });
    const worker = jobs.work(own);
    const { runId } = await enqueueRun(jobs.queue, {}, { store });
    await begun.promise;
    const closing = Promise.all([own.close({ graceMs: 600_000 }), worker.close()]);
    gate.resolve();
    await closing;
    expect(await (await jobs.job(runId)).getState()).toBe("completed");
    expect((await store.read(runId, 0)).at(-1)).toMatchObject({ status: "completed", data: "done", final: true });
    await processor.close();
  });

  test("that BullMQ takes away is the next attempt's", async () => {
    const { simulator, store, jobs, processor, paid } = await setUp();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Slide 1") });
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store, job: attempts(2) });
    const worker = jobs.work(processor);
    await simulator.waitFor(({ prompt }) => prompt.startsWith("Slide 1"));
    expect(worker.cancelJob(runId, "taken away")).toBe(true);
    expect(await jobs.result(runId)).toEqual({ runId });
    expect(paid()).toEqual(["Outline", "Slide 1", "Slide 1", "Slide 2", "Slide 3"]);
  });

  test("whose run is complete already returns at once", async () => {
    const { simulator, store, jobs, processor } = await setUp();
    jobs.work(processor);
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store });
    await jobs.result(runId);
    const again = await jobs.queue.add("run", { runId });
    expect(await jobs.result(again.id as string)).toEqual({ runId });
    expect(simulator.requests).toHaveLength(4);
  });

  test("is refused for a run that exists, and leaves no run behind where the queue is away", async () => {
    const { store, jobs } = await setUp();
    const { runId } = await enqueueRun(jobs.queue, { topic: "bees" }, { store });
    await expect(enqueueRun(jobs.queue, {}, { store, runId })).rejects.toMatchObject({ status: 409 });
    const away = { name: "away", add: () => Promise.reject(new Error("no queue")) };
    await expect(enqueueRun(away, {}, { store, runId: "lost" })).rejects.toThrow("no queue");
    expect((await toldTo(store, "lost")).map(({ data }) => (data as { code: string }).code)).toEqual(["interrupted"]);
  });

  test("that cannot be what it is to be is refused when it is made", async () => {
    const { llm } = await simulatedModel();
    const options = { llm, store: memoryRunStore(), concurrency: 5 };
    expect(() => pipelineProcessor(deck, options)).toThrow("unknown options of pipelineProcessor: concurrency");
    expect(() => pipelineProcessor(deck, {} as never)).toThrow("`llm` is no client; pipelineProcessor: `store` is no");
  });
});
