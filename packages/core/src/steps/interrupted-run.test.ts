import { expect, test } from "vitest";
import { abandon, itemByItem } from "../../test/abandoned-run.js";
import { turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { brief, collect, scriptedModel, untilKept } from "../../test/step-runs.js";
import { followRun } from "./follow-run.js";
import { closeInterrupted } from "./interrupted-run.js";
import { memoryRunStore } from "./memory-run-store.js";
import { runPipeline } from "./run-pipeline.js";
import type { RunStore } from "./step-types.js";

const { llm } = scriptedModel("x");
const LEASE_MS = 30_000;

async function abandoned() {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  return { clock, store, ...(await abandon(store, llm, "r")) };
}

test("a run whose process is gone is ended once its lease has run out, and says where it goes on", async () => {
  const { clock, store } = await abandoned();
  expect(await closeInterrupted(store, "r", { clock })).toBeUndefined();
  clock.advance(LEASE_MS);
  const end = await closeInterrupted(store, "r", { clock });
  expect(end).toMatchObject({
    seq: 5,
    step: "slides",
    status: "error",
    progress: 75,
    final: true,
    data: { code: "interrupted", retryable: true, completedSteps: ["outline"], nextStep: "slides" },
  });
  expect((await store.read("r", 0)).at(-1)).toEqual(end);
  expect(await closeInterrupted(store, "r", { clock })).toBeUndefined();
  expect(await store.lease("r", 1_000, "whoever resumes")).toBe(true);
  expect(clock.pending).toEqual([]);
});

test("however many ask at once, it is ended exactly once, and all who follow hear of it", async () => {
  const { clock, store } = await abandoned();
  // As many processes see it: none knows of what another one leases.
  const processes = Array.from({ length: 10 }, (): RunStore => ({ ...store }));
  const followers = processes.map((peer) => collect(followRun(peer, "r", 0, { clock })));
  await clock.until((waits) => waits.length === 10);
  clock.advance(LEASE_MS);
  const closed = await Promise.all(processes.map((peer) => closeInterrupted(peer, "r", { clock })));
  const told = await Promise.all(followers);
  expect(closed.filter((event) => event !== undefined).length).toBeLessThanOrEqual(1);
  const events = await store.read("r", 0);
  expect(events.map(({ seq, final }) => [seq, final])).toEqual(
    [1, 2, 3, 4, 5].map((seq) => [seq, seq === 5 || undefined]),
  );
  for (const all of told) expect(all).toEqual(events);
});

test("who comes when the process is long gone is told at once", async () => {
  const { clock, store } = await abandoned();
  clock.advance(LEASE_MS);
  const events = await collect(followRun(store, "r", 3, { clock }));
  expect(events.map(({ seq, final }) => [seq, final])).toEqual([
    [4, undefined],
    [5, true],
  ]);
});

test("a follower asks now and then, and only in silence, whether somebody still runs it; then it leaves no timer", async () => {
  const clock = new ManualClock();
  const kept = memoryRunStore({ clock });
  let asked = 0;
  const store: RunStore = {
    ...kept,
    lease: (runId, ms, holder) => {
      if (holder !== "alive") asked++;
      return kept.lease(runId, ms, holder);
    },
  };
  const event = {
    runId: "r",
    step: "a",
    status: "processing",
    data: null,
    message: "",
    progress: 1,
    timestamp: "",
  } as const;
  await kept.lease("r", 1_000_000, "alive");
  await kept.append("r", { ...event, seq: 1 });
  const followed = collect(followRun(store, "r", 0, { clock, leaseCheckMs: 1_000 }));
  await clock.waiting(1_000);
  expect(asked).toBe(1);
  clock.advance(600);
  await kept.append("r", { ...event, seq: 2 });
  await clock.waiting(1_000);
  clock.advance(999);
  expect(asked).toBe(1);
  clock.advance(1);
  await clock.waiting(1_000);
  expect(asked).toBe(2);
  await kept.append("r", { ...event, seq: 3, final: true });
  expect((await followed).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(clock.pending).toEqual([]);
});

test("a run that this process executes is never taken for a dead one, even where the store knows no holders", async () => {
  const clock = new ManualClock();
  const kept = memoryRunStore({ clock });
  const store: RunStore = { ...kept, lease: (runId, ms) => kept.lease(runId, ms) };
  const { pipeline, gate } = itemByItem();
  const run = collect(runPipeline(pipeline, {}, { llm, store, runId: "r", clock }));
  await turnUntil(() => clock.pending.length === 1);
  const followed = collect(followRun(store, "r", 0, { clock }));
  await clock.waiting(5_000);
  expect(await closeInterrupted(store, "r", { clock })).toBeUndefined();
  gate.resolve();
  expect((await followed).map(({ seq }) => seq)).toEqual((await run).map(({ seq }) => seq));
});

test("resuming ends what was interrupted and goes on from the item that was not finished", async () => {
  const { clock, store } = await abandoned();
  clock.advance(LEASE_MS);
  const { pipeline, gate, made } = itemByItem();
  gate.resolve();
  const resumed = await collect(runPipeline(pipeline, undefined, { llm, store, resumeFrom: "r", clock }));
  expect(made).toEqual(["slide 2"]);
  expect(brief(resumed)).toEqual(["slides started 75", "slides processing 75", "slides completed 100"]);
  const events = await store.read("r", 0);
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(events[4]).toMatchObject({ final: true, data: { code: "interrupted" } });
  expect(events.at(-1)).toMatchObject({ final: true, status: "completed" });
});

test("resuming waits for those who are just telling that the run was interrupted", async () => {
  const { clock, store } = await abandoned();
  clock.advance(LEASE_MS);
  const { pipeline, gate } = itemByItem();
  gate.resolve();
  const [closing, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const follower: RunStore = {
    ...store,
    append: async (...event) => {
      closing.resolve();
      await goOn.promise;
      await store.append(...event);
    },
  };
  const closed = closeInterrupted(follower, "r", { clock });
  await closing.promise;
  const resumed = collect(runPipeline(pipeline, undefined, { llm, store: { ...store }, resumeFrom: "r", clock }));
  await clock.waiting(20);
  goOn.resolve();
  await closed;
  clock.advance(20);
  expect((await resumed).at(-1)).toMatchObject({ status: "completed", final: true });
});

test("a run that died before its first event is ended too, at its first step", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  const { pipeline } = itemByItem();
  const never: RunStore = {
    ...store,
    append: () => new Promise(() => {}),
    checkpoint: (...args) => (args[1] === "run" ? store.checkpoint(...args) : new Promise(() => {})),
  };
  void runPipeline(pipeline, {}, { llm, store: never, runId: "r", clock: new ManualClock() })
    [Symbol.asyncIterator]()
    .next();
  await untilKept(async () => (await store.load("r")) !== undefined);
  clock.advance(LEASE_MS);
  expect(await collect(followRun(store, "r", 0, { clock }))).toMatchObject([
    { seq: 1, step: "outline", final: true, data: { code: "interrupted", completedSteps: [], nextStep: "outline" } },
  ]);
});

test("what was finished but not told counts as completed", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  const { pipeline } = itemByItem();
  const mute: RunStore = {
    ...store,
    append: (runId, event) => (event.status === "completed" ? new Promise(() => {}) : store.append(runId, event)),
  };
  const dead = runPipeline(pipeline, {}, { llm, store: mute, runId: "r", clock: new ManualClock() });
  const events = dead[Symbol.asyncIterator]();
  await events.next();
  void events.next();
  await untilKept(async () => (await store.load("r"))?.["step:outline"] !== undefined);
  clock.advance(LEASE_MS);
  expect((await closeInterrupted(store, "r", { clock }))?.data).toMatchObject({
    completedSteps: ["outline"],
    nextStep: "slides",
  });
});

test("a run that is not known is not_found", async () => {
  await expect(closeInterrupted(memoryRunStore(), "nobody")).rejects.toMatchObject({ code: "not_found" });
});

test("a process that comes back after its run was taken over writes nothing into it any more", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ clock });
  const { pipeline, gate } = itemByItem();
  // Its clock stands still: it does not notice that its lease has run out.
  const zombie = runPipeline(pipeline, {}, { llm, store: { ...store }, runId: "r", clock: new ManualClock() });
  const told = collect(zombie).catch((error: unknown) => error);
  await untilKept(async () => (await store.read("r", 0)).length === 4);
  clock.advance(LEASE_MS);
  const end = await closeInterrupted(store, "r", { clock });
  gate.resolve();
  expect(await told).toMatchObject({ code: "invalid_request", status: 409 });
  expect((await store.read("r", 0)).at(-1)).toEqual(end);
});
