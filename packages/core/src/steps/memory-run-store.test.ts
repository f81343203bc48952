import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { runStoreContract } from "../../test/run-store-contract.js";
import { memoryRunStore } from "./memory-run-store.js";

runStoreContract("memoryRunStore", () => {
  const clock = new ManualClock();
  return { store: memoryRunStore({ clock }), advance: (ms) => clock.advance(ms) };
});

test("forgets the run that was written least recently, never one that is running", async () => {
  const store = memoryRunStore({ maxRuns: 2, clock: new ManualClock() });
  await store.checkpoint("running", "key", 1);
  await store.lease("running", 1_000, "a");
  await store.checkpoint("old", "key", 2);
  await store.checkpoint("new", "key", 3);
  expect(await Promise.all(["running", "old", "new"].map((run) => store.load(run)))).toEqual([
    { key: 1 },
    undefined,
    { key: 3 },
  ]);
});

test("asking for the lease of runs that do not exist pushes out none that does", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ maxRuns: 2, clock });
  await store.checkpoint("real", "key", 1);
  for (let index = 0; index < 10; index++) expect(await store.lease(`nobody-${index}`, 1_000, "a")).toBe(true);
  await store.checkpoint("new", "key", 2);
  expect(await Promise.all(["real", "new", "nobody-1"].map((run) => store.load(run)))).toEqual([
    { key: 1 },
    { key: 2 },
    undefined,
  ]);
  expect(await store.lease("nobody-1", 1_000, "b")).toBe(false);
});

test("a run whose lease has run out is forgotten like any other", async () => {
  const clock = new ManualClock();
  const store = memoryRunStore({ maxRuns: 1, clock });
  await store.checkpoint("dead", "key", 1);
  await store.lease("dead", 1_000, "a");
  clock.advance(1_000);
  await store.checkpoint("new", "key", 2);
  expect(await store.load("dead")).toBeUndefined();
});
