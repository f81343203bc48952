import { InvalidRequestError, memoryRunStore, type RunStore, type StepEvent } from "@signalbox/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { enqueueGeneration, generationProcessor, pipelineProcessor } from "../src/bullmq/index.js";
import { gated, looseJob, queue, simulatedModel } from "./bullmq-jobs.js";

const runId = "r";

/** Time stands still for `close()`; the loop of Node goes on. */
function fakeTimeouts(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** A store to which `before` happens before an event is kept. */
function watched(before: (event: StepEvent) => Promise<void>) {
  const store = memoryRunStore();
  const append: RunStore["append"] = async (id, event, holder) => {
    await before(event);
    await store.append(id, event, holder);
  };
  return { ...store, append };
}

test.each([
  ["was stopped", 5, true],
  ["has failed", 1, false],
])("a run that %s ends its job, though its worker closes while that is told", async (_what, attempts, isStopped) => {
  fakeTimeouts();
  const { llm } = await simulatedModel();
  const { pipeline, begun, gate } = gated();
  const store = watched(async ({ final }) => {
    if (!final) return;
    void processor.close({ graceMs: 0 });
    await vi.advanceTimersByTimeAsync(1);
  });
  const processor = pipelineProcessor(pipeline, { llm, store });
  const { job, putBack } = looseJob({ data: { runId }, attempts });
  const work = processor(job, "token");
  work.catch(() => {});
  await begun;
  if (isStopped) await store.cancel?.(runId);
  else gate.reject(new Error("out of paper"));
  await expect(work).rejects.toThrow(isStopped ? "the run was aborted" : "out of paper");
  expect((await store.read(runId, 0)).at(-1)).toMatchObject({ status: "error", final: true });
  expect(putBack).toEqual([]);
});

test("an answer that has begun and outlasts the grace fails its job, which is not put back", async () => {
  const { simulator, llm } = await simulatedModel();
  simulator.fault("stall", { after: 2 });
  const told = Promise.withResolvers<void>();
  const store = watched(async () => told.resolve());
  const processor = generationProcessor({ llm, store });
  const { job, putBack } = looseJob({ data: { runId, input: { prompt: "Signals" } } });
  const work = processor(job, "token");
  work.catch(() => {});
  await told.promise;
  await processor.close({ graceMs: 0 });
  await expect(work).rejects.toThrow("aborted");
  expect((await store.read(runId, 0)).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
  expect(putBack).toEqual([]);
});

test("an answer that cannot be kept fails its job, and is not paid for to its end", async () => {
  const { simulator, llm } = await simulatedModel();
  simulator.fault("stall", { after: 4 });
  const store = watched(async () => {
    throw new Error("the store is full");
  });
  const heard: unknown[] = [];
  const processor = generationProcessor({ llm, store, onError: (error) => heard.push(error) });
  const work = processor(looseJob({ data: { runId, input: { prompt: "Signals" } } }).job);
  await expect(work).rejects.toThrow("the store is full");
  expect(heard).toEqual([new Error("the store is full")]);
  await simulator.waitFor(({ state }) => state === "closed-by-client");
});

test("a generation that nobody could follow is not asked for", async () => {
  const { simulator, llm } = await simulatedModel();
  const kept = memoryRunStore();
  const checkpoint: RunStore["checkpoint"] = async (id, key, data, holder) => {
    if (key === "run") throw new Error("the store is full");
    await kept.checkpoint(id, key, data, holder);
  };
  const { job } = looseJob({ data: { runId, input: { prompt: "Signals" } }, attempts: 2 });
  const again = { ...job, attemptsMade: 1 };
  await expect(generationProcessor({ llm, store: { ...kept, checkpoint } })(job)).rejects.toThrow("the store is full");
  expect(simulator.requests).toEqual([]);
  expect(await generationProcessor({ llm, store: kept })(again)).toEqual({ runId });
});

test("a generation that has functions among its options is refused: a job would lose them", async () => {
  const store = memoryRunStore();
  const request = { prompt: "Signals", stopWhen: [() => true], repairToolCall: async () => undefined };
  await expect(enqueueGeneration(queue, request as never, { store })).rejects.toThrow(
    "a job cannot keep: functions of stopWhen, functions of repairToolCall",
  );
});

test("the request of a generation whose worker died in the middle is forgotten", async () => {
  const { llm } = await simulatedModel();
  const store = memoryRunStore();
  await enqueueGeneration(queue, { prompt: "persimmon" }, { store, runId });
  const told = { runId, seq: 1, step: "chat", status: "started", data: { type: "text-delta", text: "a", step: 0 } };
  await store.append(runId, { ...told, message: "", progress: 0, timestamp: "" } as StepEvent);
  const work = generationProcessor({ llm, store })(looseJob({ data: { runId }, attempts: 3 }).job);
  await expect(work).rejects.toMatchObject({
    name: "UnrecoverableError",
    message: expect.stringContaining("interrupted"),
  });
  expect(JSON.stringify(await store.load(runId))).not.toContain("persimmon");
  expect(await store.lease(runId, 1, "who follows it")).toBe(true);
});

const never = () => new Promise<never>(() => {});

test.each(["scope", "input", "request"])("a function `%s` that hangs holds up no worker that closes", async (name) => {
  fakeTimeouts();
  const { simulator, llm } = await simulatedModel();
  const store = memoryRunStore();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<{ prompt: string }>();
  const hanging = () => {
    asked.resolve();
    return name === "scope" ? never() : answer.promise;
  };
  const options = { llm, store, [name]: hanging };
  const processor = name === "request" ? generationProcessor(options) : pipelineProcessor(gated().pipeline, options);
  const { job, putBack } = looseJob({ data: { runId } });
  const work = processor(job, "token");
  work.catch(() => {});
  await asked.promise;
  const closed = processor.close({ graceMs: 0 });
  await vi.advanceTimersByTimeAsync(1);
  await closed;
  await expect(work).rejects.toMatchObject({ name: "DelayedError" });
  expect(putBack).toHaveLength(1);
  // Somebody else's by now: what comes late begins nothing.
  answer.resolve({ prompt: "Signals" });
  await vi.advanceTimersByTimeAsync(1);
  expect([simulator.requests, await store.read(runId, 0)]).toEqual([[], []]);
});

test("a scope that is refused fails the job for good", async () => {
  const { llm } = await simulatedModel();
  const scope = () => {
    throw new InvalidRequestError("invalid_request", "no such tenant");
  };
  const processor = pipelineProcessor(gated().pipeline, { llm, store: memoryRunStore(), scope });
  const work = processor(looseJob({ data: { runId }, attempts: 3 }).job);
  await expect(work).rejects.toMatchObject({ name: "UnrecoverableError", message: expect.stringContaining("tenant") });
});
