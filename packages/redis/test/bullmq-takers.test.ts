import { definePipeline, memoryRunStore, type RunStore, step } from "@signalbox/core";
import { expect, test } from "vitest";
import { enqueueRun, generationProcessor, pipelineProcessor } from "../src/bullmq/index.js";
import { gated, looseJob, queue, simulatedModel } from "./bullmq-jobs.js";

const runId = "r";

/** A store that keeps nothing until there is room. */
function full() {
  const kept = memoryRunStore();
  let isFull = true;
  const checkpoint: RunStore["checkpoint"] = async (...all) => {
    if (isFull) throw new Error("the store is full");
    await kept.checkpoint(...all);
  };
  const makeRoom = () => {
    isFull = false;
  };
  return { store: { ...kept, checkpoint }, makeRoom };
}

test("a job that names another pipeline's run fails for good, and the run goes on", async () => {
  const { simulator, llm } = await simulatedModel();
  const store = memoryRunStore();
  const { pipeline, begun, gate } = gated();
  const { job } = looseJob({ data: { runId } });
  const work = pipelineProcessor(pipeline, { llm, store, keepResult: true })(job);
  await begun;
  const wrong = [
    pipelineProcessor(gated("other").pipeline, { llm, store }),
    generationProcessor({ llm, store, keepResult: true }),
  ];
  const other = () => looseJob({ id: "2", data: { runId, input: { prompt: "Signals" } }, attempts: 3 }).job;
  const refusal = { name: "UnrecoverableError", message: expect.stringContaining("is none of this processor's") };
  for (const processor of wrong) await expect(processor(other())).rejects.toMatchObject(refusal);
  gate.resolve("done");
  expect(await work).toEqual({ runId, result: "done" });
  for (const processor of wrong) await expect(processor(other())).rejects.toMatchObject(refusal);
  expect(simulator.requests).toEqual([]);
});

test("a second job for a run that is executed waits, and does not take the run away", async () => {
  const { llm } = await simulatedModel();
  const store = memoryRunStore();
  const { pipeline, begun, gate, entered } = gated();
  const processor = pipelineProcessor(pipeline, { llm, store });
  const work = processor(looseJob({ data: { runId } }).job);
  await begun;
  const second = looseJob({ id: "2", data: { runId } });
  await expect(processor(second.job)).rejects.toMatchObject({ name: "DelayedError" });
  expect(second.putBack).toHaveLength(1);
  gate.resolve("done");
  expect(await work).toEqual({ runId });
  expect(await processor(second.job)).toEqual({ runId });
  expect(entered()).toBe(1);
});

test("a run that waits for its next attempt may be had by another job, for its own may be gone", async () => {
  const { llm } = await simulatedModel();
  const store = memoryRunStore();
  const seen: unknown[] = [];
  const pipeline = definePipeline("deck", [
    step("write", ({ input }) => {
      seen.push(input);
      if (seen.length === 1) throw new Error("out of paper");
    }),
  ]);
  await enqueueRun(queue, "bees", { store, runId });
  const processor = pipelineProcessor(pipeline, { llm, store });
  await expect(processor(looseJob({ data: { runId }, attempts: 2 }).job)).rejects.toThrow("out of paper");
  expect(await store.lease(runId, 1, "who follows it")).toBe(false);
  expect(await processor(looseJob({ id: "2", data: { runId } }).job)).toEqual({ runId });
  expect(seen).toEqual(["bees", "bees"]);
});

test("a run of a worker that did not say for which job it had it is taken over", async () => {
  const { llm } = await simulatedModel();
  const store = memoryRunStore();
  await store.lease(runId, 60_000, "an older version");
  await store.checkpoint(runId, "job", { holder: "an older version", input: { value: "bees" } });
  const pipeline = definePipeline("deck", [step("write", ({ input }) => input)]);
  const processor = pipelineProcessor(pipeline, { llm, store, keepResult: true });
  expect(await processor(looseJob({ data: { runId } }).job)).toEqual({ runId, result: "bees" });
});

test("a worker whose job has stalled and is another one's lets go of the run, too", async () => {
  const { llm } = await simulatedModel();
  const kept = memoryRunStore();
  const held = new Set<string | undefined>();
  const lease: RunStore["lease"] = (id, ms, holder) => {
    if (ms > 0) held.add(holder);
    else held.delete(holder);
    return kept.lease(id, ms, holder);
  };
  const slow = gated();
  const quick = gated();
  quick.gate.resolve("done");
  const stalled = pipelineProcessor(slow.pipeline, { llm, store: { ...kept, lease } })(
    looseJob({ data: { runId } }).job,
  );
  stalled.catch(() => {});
  await slow.begun;
  expect(await pipelineProcessor(quick.pipeline, { llm, store: kept })(looseJob({ data: { runId } }).job)).toEqual({
    runId,
  });
  slow.gate.resolve("late");
  await expect(stalled).rejects.toThrow("was taken over");
  expect([...held]).toEqual([]);
  expect((await kept.read(runId, 0)).at(-1)).toMatchObject({ data: "done", final: true });
});

test("a run whose input cannot be kept leaves nothing behind", async () => {
  const { store, makeRoom } = full();
  await expect(enqueueRun(queue, {}, { store, runId })).rejects.toThrow("the store is full");
  makeRoom();
  expect(await enqueueRun(queue, {}, { store, runId })).toEqual({ runId });
});

test("a queue's own failure is told, though the store is away as well", async () => {
  const kept = memoryRunStore();
  const lease: RunStore["lease"] = (id, ms, holder) =>
    ms > 0 ? kept.lease(id, ms, holder) : Promise.reject(new Error("no store"));
  const away = { name: "decks", add: () => Promise.reject(new Error("no queue")) };
  await expect(enqueueRun(away, {}, { store: { ...kept, lease } })).rejects.toThrow("no queue");
});

test("a run that could not be taken is told to `onError`, and is nobody's", async () => {
  const { llm } = await simulatedModel();
  const { store, makeRoom } = full();
  const { pipeline, gate } = gated();
  gate.resolve("done");
  const heard: unknown[] = [];
  const processor = pipelineProcessor(pipeline, { llm, store, onError: (error) => heard.push(error) });
  await expect(processor(looseJob({ data: { runId } }).job)).rejects.toThrow("the store is full");
  expect(heard).toEqual([new Error("the store is full")]);
  makeRoom();
  expect(await processor(looseJob({ data: { runId } }).job)).toEqual({ runId });
});
