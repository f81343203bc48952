import { describe, expect, test } from "vitest";
import type { RunStore, StepEvent } from "../src/steps/step-types.js";

/** A store to examine, and a way to let its time pass. */
export interface StoreUnderTest {
  store: RunStore;
  advance(ms: number): void | Promise<void>;
}

const event = (runId: string, seq: number, more: Partial<StepEvent> = {}): StepEvent => ({
  runId,
  seq,
  step: "outline",
  status: "processing",
  data: { text: "人工智能", nested: [1, null, { deep: true }] },
  message: "Working",
  progress: seq,
  timestamp: "2026-01-01T00:00:00.000Z",
  ...more,
});

let runs = 0;
const newRun = () => `contract-${process.pid}-${++runs}`;

/** What every RunStore has to do. */
export function runStoreContract(name: string, make: () => StoreUnderTest | Promise<StoreUnderTest>): void {
  describe(`${name} as a RunStore`, () => {
    test("gives back the events behind a seq, in order and as they were", async () => {
      const { store } = await make();
      const run = newRun();
      const events = [1, 2, 3].map((seq) => event(run, seq));
      for (const each of events) await store.append(run, each);
      expect(await store.read(run, 0)).toEqual(events);
      expect(await store.read(run, 2)).toEqual(events.slice(2));
      expect(await store.read(run, 3)).toEqual([]);
      expect(await store.read(newRun(), 0)).toEqual([]);
    });

    test("keeps what it was given, not the object: a later change does not show", async () => {
      const { store } = await make();
      const run = newRun();
      const data = { title: "before" };
      await store.append(run, event(run, 1, { data }));
      await store.checkpoint(run, "key", data);
      data.title = "after";
      expect((await store.read(run, 0))[0]?.data).toEqual({ title: "before" });
      expect(await store.load(run)).toEqual({ key: { title: "before" } });
    });

    test("loads the last value under each key, any key, and undefined for an unknown run", async () => {
      const { store } = await make();
      const run = newRun();
      await store.checkpoint(run, "step:outline", { n: 1 });
      await store.checkpoint(run, "step:outline", { n: 2 });
      await store.checkpoint(run, "item:content:0:幻灯片 1", null);
      await store.checkpoint(run, "__proto__", "a key like any other");
      const loaded = await store.load(run);
      expect(Object.entries(loaded ?? {}).sort()).toEqual([
        ["__proto__", "a key like any other"],
        ["item:content:0:幻灯片 1", null],
        ["step:outline", { n: 2 }],
      ]);
      expect(await store.load(newRun())).toBeUndefined();
    });

    test("leases to one holder at a time, renews for it, and lets others in when time is up or it is given back", async () => {
      const { store, advance } = await make();
      const run = newRun();
      expect(await store.lease(run, 1_000, "a")).toBe(true);
      expect(await store.lease(run, 1_000, "b")).toBe(false);
      await advance(600);
      expect(await store.lease(run, 1_000, "a")).toBe(true);
      await advance(600);
      expect(await store.lease(run, 1_000, "b")).toBe(false);
      await advance(600);
      expect(await store.lease(run, 1_000, "b")).toBe(true);
      expect(await store.lease(run, 0, "a")).toBe(false);
      expect(await store.lease(run, 0, "b")).toBe(true);
      expect(await store.lease(run, 1_000, "a")).toBe(true);
    });

    test("runs do not see one another", async () => {
      const { store } = await make();
      const [one, two] = [newRun(), newRun()];
      await store.append(one, event(one, 1));
      await store.checkpoint(one, "key", 1);
      await store.lease(one, 1_000, "a");
      expect(await store.read(two, 0)).toEqual([]);
      expect(await store.load(two)).toBeUndefined();
      expect(await store.lease(two, 1_000, "b")).toBe(true);
    });

    test("a subscriber, where there are any, hears of each event until it leaves", async () => {
      const { store } = await make();
      const run = newRun();
      const heard: number[] = [];
      const leave = store.subscribe?.(run, () => heard.push(1));
      await store.append(run, event(run, 1));
      await store.append(newRun(), event(run, 1));
      leave?.();
      await store.append(run, event(run, 2));
      expect(heard).toHaveLength(store.subscribe === undefined ? 0 : 1);
    });
  });
}
