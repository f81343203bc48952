import { expect, test } from "vitest";
import { turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { brief, collect, scriptedModel } from "../../test/step-runs.js";
import { definePipeline } from "./define-pipeline.js";
import { memoryRunStore } from "./memory-run-store.js";
import { runPipeline } from "./run-pipeline.js";
import { step } from "./step.js";
import type { RunStore, StepEvent } from "./step-types.js";

const { llm } = scriptedModel("answer");

/** A step that ends when the test says so, and one behind it. */
function gated() {
  const gate = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  const pipeline = definePipeline("gated", [
    step("first", () => "kept"),
    step("wait", async ({ signal, item }) => {
      signals.push(signal);
      await item("one", async () => 1);
      await gate.promise;
      return 2;
    }),
  ]);
  return { pipeline, gate, signals };
}

async function waitIn(events: AsyncIterator<StepEvent>, step: string): Promise<StepEvent[]> {
  const seen: StepEvent[] = [];
  while (seen.at(-1)?.step !== step) seen.push((await events.next()).value as StepEvent);
  return seen;
}

test("S16 an abort ends the iteration with AbortedError at once, is logged, and finished work stays", async () => {
  const store = memoryRunStore();
  const { pipeline, gate, signals } = gated();
  const controller = new AbortController();
  const iterator = runPipeline(pipeline, {}, { llm, store, runId: "r", signal: controller.signal })[
    Symbol.asyncIterator
  ]();
  await waitIn(iterator, "wait");
  const next = iterator.next();
  await turnUntil(() => signals.length === 1);
  controller.abort(new Error("the user pressed stop"));

  // The last event tells readers elsewhere; then the reader here gets the error.
  expect((await next).value).toMatchObject({
    step: "wait",
    status: "error",
    final: true,
    data: { code: "aborted", nextStep: "wait", retryable: true },
  });
  await expect(iterator.next()).rejects.toMatchObject({
    name: "AbortError",
    code: "aborted",
    cause: { message: "the user pressed stop" },
  });
  expect(await iterator.next()).toEqual({ value: undefined, done: true });
  expect(signals[0]?.aborted).toBe(true);

  gate.resolve();
  const resumed = await collect(runPipeline(pipeline, {}, { llm, store, resumeFrom: "r" }));
  expect(brief(resumed)).toEqual(["wait started 50", "wait completed 100"]);
});

test("leaving the loop stops the run without a throw and gives the lease back", async () => {
  const store = memoryRunStore();
  const { pipeline, signals } = gated();
  for await (const event of runPipeline(pipeline, {}, { llm, store, runId: "r" })) {
    if (event.step === "wait") break;
  }
  await turnUntil(() => signals.every(({ aborted }) => aborted));
  expect((await store.read("r", 0)).at(-1)).toMatchObject({ status: "error", final: true, data: { code: "aborted" } });
  expect(await store.lease("r", 1_000, "somebody")).toBe(true);
});

test("a run that is aborted before it begins does nothing", async () => {
  const store = memoryRunStore();
  const run = runPipeline(gated().pipeline, {}, { llm, store, runId: "r", signal: AbortSignal.abort() });
  await expect(collect(run)).rejects.toMatchObject({ code: "aborted" });
  expect(await store.load("r")).toBeUndefined();
  const stopped = runPipeline(gated().pipeline, {}, { llm, store, runId: "r" });
  stopped.abort();
  await expect(collect(stopped)).rejects.toMatchObject({ code: "aborted" });
});

test("the calls of a step are aborted with its run", async () => {
  const asked = Promise.withResolvers<void>();
  const late = Promise.withResolvers<string>();
  const model = scriptedModel(() => {
    asked.resolve();
    return late.promise;
  });
  const failures: unknown[] = [];
  const pipeline = definePipeline("p", [
    step("a", async (context) => {
      await context.llm.generate({ prompt: "x" }).catch((error: unknown) => failures.push(error));
    }),
  ]);
  const run = runPipeline(pipeline, {}, { llm: model.llm });
  const ended = collect(run).catch((error: unknown) => error);
  await asked.promise;
  run.abort();
  expect(await ended).toMatchObject({ code: "aborted" });
  late.resolve("too late");
  await turnUntil(() => failures.length === 1);
  expect(failures[0]).toMatchObject({ code: "aborted" });
});

test("one runner at a time: another one is refused with 409 until the first has ended", async () => {
  const store = memoryRunStore();
  const { pipeline, gate } = gated();
  const iterator = runPipeline(pipeline, {}, { llm, store, runId: "r" })[Symbol.asyncIterator]();
  await waitIn(iterator, "wait");
  await expect(collect(runPipeline(pipeline, {}, { llm, store, resumeFrom: "r" }))).rejects.toMatchObject({
    code: "invalid_request",
    status: 409,
  });
  gate.resolve();
  expect((await iterator.next()).value).toMatchObject({ step: "wait", status: "completed" });
  expect((await iterator.next()).done).toBe(true);
  expect(await collect(runPipeline(pipeline, {}, { llm, store, resumeFrom: "r" }))).toEqual([]);
});

test("a runner elsewhere is respected too, and its silence frees the run", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  const pipeline = definePipeline("p", [step("a", () => 1)]);
  await store.lease("r", 30_000, "another process");
  const refused = collect(runPipeline(pipeline, {}, { llm, store, clock, runId: "r" }));
  await expect(refused).rejects.toMatchObject({ status: 409 });
  clock.advance(30_000);
  expect(await collect(runPipeline(pipeline, {}, { llm, store, clock, runId: "r" }))).toHaveLength(2);
});

test("stores that cannot tell holders apart still get one runner per process", async () => {
  const kept = memoryRunStore();
  const store: RunStore = { ...kept, lease: (runId, ms) => kept.lease(runId, ms) };
  const { pipeline } = gated();
  const iterator = runPipeline(pipeline, {}, { llm, store, runId: "r" })[Symbol.asyncIterator]();
  await waitIn(iterator, "wait");
  await expect(collect(runPipeline(pipeline, {}, { llm, store, resumeFrom: "r" }))).rejects.toMatchObject({
    status: 409,
  });
  await iterator.return?.();
});

test("the lease is renewed while the run goes on, and no timer is left behind", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  const { pipeline, gate } = gated();
  const iterator = runPipeline(pipeline, {}, { llm, store, clock, runId: "r", leaseMs: 3_000 })[Symbol.asyncIterator]();
  await waitIn(iterator, "wait");
  for (let second = 0; second < 10; second++) {
    clock.advance(1_000);
    await clock.waiting(1_000);
    expect(await store.lease("r", 1, "another")).toBe(false);
  }
  gate.resolve();
  while (!(await iterator.next()).done);
  expect(clock.pending).toEqual([]);
  expect(await store.lease("r", 1, "another")).toBe(true);
});

test("a run that has lost its lease stops and leaves the log to its new owner", async () => {
  const clock = new ManualClock();
  const kept = memoryRunStore({ clock });
  let mine = true;
  const store: RunStore = { ...kept, lease: async (...args) => mine && kept.lease(...args) };
  const { pipeline, signals } = gated();
  const iterator = runPipeline(pipeline, {}, { llm, store, clock, runId: "r", leaseMs: 3_000 })[Symbol.asyncIterator]();
  await waitIn(iterator, "wait");
  const logged = (await kept.read("r", 0)).length;
  await turnUntil(() => signals.length === 1);
  mine = false;
  clock.advance(1_000);
  await expect(iterator.next()).rejects.toMatchObject({ code: "invalid_request", status: 409 });
  expect(signals[0]?.aborted).toBe(true);
  expect(await kept.read("r", 0)).toHaveLength(logged);
});

test("a store that is away for a moment costs nothing, one that stays away ends the run with its failure", async () => {
  const clock = new ManualClock();
  const kept = memoryRunStore({ clock });
  let away = 0;
  const store: RunStore = {
    ...kept,
    lease: (...args) => (away-- > 0 ? Promise.reject(new Error("store is away")) : kept.lease(...args)),
  };
  const { pipeline, signals } = gated();
  const iterator = runPipeline(pipeline, {}, { llm, store, clock, runId: "r", leaseMs: 3_000 })[Symbol.asyncIterator]();
  await waitIn(iterator, "wait");
  await turnUntil(() => signals.length === 1);
  away = 1;
  for (const state of ["away", "back"]) {
    clock.advance(1_000);
    await clock.waiting(1_000);
    expect([state, signals[0]?.aborted]).toEqual([state, false]);
  }
  away = 100;
  for (let second = 0; second < 2; second++) {
    clock.advance(1_000);
    await clock.waiting(1_000);
  }
  clock.advance(1_000);
  await expect(iterator.next()).rejects.toThrow("store is away");
});

test("an event that cannot be kept ends the run with the store's failure", async () => {
  const kept = memoryRunStore();
  const store: RunStore = {
    ...kept,
    append: (runId, event) => (event.seq === 2 ? Promise.reject(new Error("disk full")) : kept.append(runId, event)),
  };
  await expect(collect(runPipeline(gated().pipeline, {}, { llm, store, runId: "r" }))).rejects.toThrow("disk full");
  expect(await kept.read("r", 0)).toHaveLength(1);
});
