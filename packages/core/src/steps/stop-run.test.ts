import { expect, test } from "vitest";
import { abandon, itemByItem } from "../../test/abandoned-run.js";
import { turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { brief, collect, scriptedModel, untilKept } from "../../test/step-runs.js";
import { memoryRunStore } from "./memory-run-store.js";
import { runPipeline } from "./run-pipeline.js";
import type { RunStore } from "./step-types.js";
import { stopRun } from "./stop-run.js";

const { llm } = scriptedModel("x");

/** A run under way in a process of its own, as far as the store can tell. */
async function elsewhere(store = memoryRunStore()) {
  const parts = itemByItem();
  const ended = collect(runPipeline(parts.pipeline, {}, { llm, store: { ...store }, runId: "r" })).catch(
    (error: unknown) => error,
  );
  await untilKept(async () => (await store.read("r", 0)).length === 4);
  return { store, ended, ...parts };
}

test("a run is stopped from another process: its reader gets `aborted`, its log says so, the lease is given back", async () => {
  const { store, ended } = await elsewhere();
  expect(await stopRun(store, "r")).toBe(true);
  expect(await ended).toMatchObject({ name: "AbortError", code: "aborted", cause: "it was stopped by request" });
  expect((await store.read("r", 0)).at(-1)).toMatchObject({
    final: true,
    data: { code: "aborted", nextStep: "slides" },
  });
  expect(await stopRun(store, "r")).toBe(true);
  await untilKept(() => store.lease("r", 1_000, "whoever resumes"));
});

test("a run that was stopped is resumed like any other: what was asked before does not count", async () => {
  const { store, ended } = await elsewhere();
  await stopRun(store, "r");
  await ended;
  const { pipeline, gate, made } = itemByItem();
  gate.resolve();
  const events = await collect(runPipeline(pipeline, undefined, { llm, store, resumeFrom: "r" }));
  expect(brief(events).at(-1)).toBe("slides completed 100");
  expect(made).toEqual(["slide 2"]);
});

test("what is asked before a run begins counts: it ends as it begins, and asks nothing", async () => {
  const store = memoryRunStore();
  await store.cancel?.("r");
  const { pipeline, made } = itemByItem();
  const run = collect(runPipeline(pipeline, {}, { llm, store, runId: "r" }));
  await expect(run).rejects.toMatchObject({ code: "aborted" });
  expect(await store.read("r", 0)).toMatchObject([{ seq: 1, step: "outline", final: true, data: { code: "aborted" } }]);
  expect(made).toEqual([]);
});

test("a run whose process does not answer stays asked to stop, and is waited for no longer than was said", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  await abandon(store, llm, "r");
  const stopped = stopRun(store, "r", { clock, timeoutMs: 2_000 });
  await clock.waiting(2_000);
  await turnUntil(() => clock.pending.length === 2);
  clock.advance(2_000);
  expect(await stopped).toBe(false);
  expect(clock.pending).toEqual([]);

  // Its lease has run out: whoever stops it now ends it, and whoever resumes it is not stopped by that.
  clock.advance(30_000);
  expect(await stopRun(store, "r", { clock })).toBe(true);
  expect((await store.read("r", 0)).at(-1)).toMatchObject({ final: true, data: { code: "interrupted" } });
  const { pipeline, gate } = itemByItem();
  gate.resolve();
  const events = await collect(runPipeline(pipeline, undefined, { llm, store, resumeFrom: "r", clock }));
  expect(events.at(-1)).toMatchObject({ status: "completed", final: true });
});

test("a process that died after it was asked to stop is resumed without being stopped again", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  await abandon(store, llm, "r");
  await store.cancel?.("r");
  clock.advance(30_000);
  const { pipeline, gate } = itemByItem();
  gate.resolve();
  const events = await collect(runPipeline(pipeline, undefined, { llm, store, resumeFrom: "r", clock }));
  expect(events.at(-1)).toMatchObject({ status: "completed", final: true });
});

test("a store that cannot ask gives 409 for a run of another process, and ends one whose process is gone", async () => {
  const clock = new ManualClock();
  const { cancel: _cancel, onCancel: _onCancel, ...store } = memoryRunStore({ clock });
  await abandon(store, llm, "r");
  await expect(stopRun(store, "r", { clock })).rejects.toMatchObject({ code: "invalid_request", status: 409 });
  clock.advance(30_000);
  expect(await stopRun(store, "r", { clock })).toBe(true);
});

test("the signal ends the waiting; an unknown run is not_found; failures of the store are thrown", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  await abandon(store, llm, "r");
  const controller = new AbortController();
  const stopped = stopRun(store, "r", { clock, signal: controller.signal });
  await turnUntil(() => clock.pending.length === 2);
  controller.abort();
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  await expect(stopRun(store, "r", { pipeline: "another" })).rejects.toMatchObject({ code: "not_found" });
  await expect(stopRun(store, "nobody")).rejects.toMatchObject({ code: "not_found", status: 404 });
  const broken: RunStore = { ...store, cancel: () => Promise.reject(new Error("store is away")) };
  await expect(stopRun(broken, "r", { clock })).rejects.toThrow("store is away");
});

test("who resumes a run the moment its end is told is not refused, though it is not let go yet", async () => {
  const clock = new ManualClock();
  const kept = memoryRunStore({ clock });
  const letGo = Promise.withResolvers<void>();
  const slow: RunStore = {
    ...kept,
    lease: async (runId, ms, holder) => {
      if (ms === 0) await letGo.promise;
      return kept.lease(runId, ms, holder);
    },
  };
  const { ended } = await elsewhere(slow);
  await stopRun(slow, "r", { clock });
  const { pipeline, gate } = itemByItem();
  gate.resolve();
  const resumed = collect(runPipeline(pipeline, undefined, { llm, store: kept, resumeFrom: "r", clock }));
  await clock.waiting(20);
  letGo.resolve();
  await ended;
  clock.advance(20);
  expect((await resumed).at(-1)).toMatchObject({ status: "completed", final: true });
});
