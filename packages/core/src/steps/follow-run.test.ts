import { expect, test } from "vitest";
import { turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { collect, scriptedModel } from "../../test/step-runs.js";
import { definePipeline } from "./define-pipeline.js";
import { followRun } from "./follow-run.js";
import { memoryRunStore } from "./memory-run-store.js";
import { runPipeline } from "./run-pipeline.js";
import { step } from "./step.js";
import type { RunStore } from "./step-types.js";

const { llm } = scriptedModel("x");

function twoSteps() {
  const gate = Promise.withResolvers<void>();
  let broken = false;
  const pipeline = definePipeline("p", [
    step("a", () => 1),
    step("b", async ({ progress }) => {
      progress({ data: "half", fraction: 0.5 });
      await gate.promise;
      if (broken) throw new Error("broken");
      return 2;
    }),
  ]);
  return { pipeline, gate, breakIt: (value: boolean) => (broken = value) };
}

test("S16 a follower replays behind its last event and goes on live to the end, without gap or repeat", async () => {
  const store = memoryRunStore();
  const { pipeline, gate } = twoSteps();
  const run = collect(runPipeline(pipeline, {}, { llm, store, runId: "r" }));
  while ((await store.read("r", 0)).length < 4) await new Promise((resolve) => setImmediate(resolve));

  const [all, late] = [collect(followRun(store, "r")), collect(followRun(store, "r", 2))];
  gate.resolve();
  const events = JSON.parse(JSON.stringify(await run)) as unknown[];
  expect(await all).toEqual(events);
  expect(await late).toEqual(events.slice(2));
  expect(await collect(followRun(store, "r", 4))).toEqual(events.slice(4));
  expect(await collect(followRun(store, "r", events.length))).toEqual([]);
});

test("a failed run that was resumed is followed past its failure", async () => {
  const store = memoryRunStore();
  const { pipeline, gate, breakIt } = twoSteps();
  gate.resolve();
  breakIt(true);
  const failed = await collect(runPipeline(pipeline, {}, { llm, store, runId: "r" }));
  breakIt(false);
  const resumed = await collect(runPipeline(pipeline, {}, { llm, store, resumeFrom: "r" }));
  expect(failed.at(-1)?.final).toBe(true);
  const followed = await collect(followRun(store, "r"));
  expect(followed.map(({ seq }) => seq)).toEqual([...failed, ...resumed].map(({ seq }) => seq));
});

test("a position behind the end of an ended run ends at once; a run that goes on is followed to its end", async () => {
  const store = memoryRunStore();
  const { pipeline, gate } = twoSteps();
  const run = collect(runPipeline(pipeline, {}, { llm, store, runId: "r" }));
  while ((await store.read("r", 0)).length < 4) await new Promise((resolve) => setImmediate(resolve));

  const early = collect(followRun(store, "r", 100));
  gate.resolve();
  await run;
  expect(await early).toEqual([]);
  expect(await collect(followRun(store, "r", 100))).toEqual([]);
});

test("a store that cannot notify is polled, and no timer is left behind", async () => {
  const clock = new ManualClock();
  const { subscribe: _subscribe, ...plain } = memoryRunStore();
  const store: RunStore = plain;
  const { pipeline, gate } = twoSteps();
  const run = collect(runPipeline(pipeline, {}, { llm, store, runId: "r" }));
  while ((await store.read("r", 0)).length < 4) await new Promise((resolve) => setImmediate(resolve));

  const followed = collect(followRun(store, "r", 0, { clock, pollMs: 100 }));
  await clock.waiting(100);
  gate.resolve();
  const events = await run;
  clock.advance(100);
  expect((await followed).map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq));
  expect(clock.pending).toEqual([]);
});

test("a follower that is aborted or leaves takes its subscription back; the run goes on", async () => {
  const kept = memoryRunStore();
  let subscribed = 0;
  const store: RunStore = {
    ...kept,
    subscribe(runId, listener) {
      const leave = kept.subscribe?.(runId, listener);
      subscribed++;
      return () => {
        subscribed--;
        leave?.();
      };
    },
  };
  const { pipeline, gate } = twoSteps();
  const run = collect(runPipeline(pipeline, {}, { llm, store, runId: "r" }));
  while ((await store.read("r", 0)).length < 4) await new Promise((resolve) => setImmediate(resolve));

  const controller = new AbortController();
  const aborted = collect(followRun(store, "r", 4, { signal: controller.signal }));
  await turnUntil(() => subscribed === 1);
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ code: "aborted" });
  for await (const event of followRun(store, "r")) {
    expect(event.seq).toBe(1);
    break;
  }
  expect(subscribed).toBe(0);
  gate.resolve();
  expect((await run).at(-1)?.status).toBe("completed");
});

test("an unknown run is not_found", async () => {
  await expect(collect(followRun(memoryRunStore(), "nobody"))).rejects.toMatchObject({
    code: "not_found",
    status: 404,
  });
});
