import { describe, expect, onTestFinished, test } from "vitest";
import type { RunStore, StepEvent } from "../src/steps/step-types.js";

/** A store to examine, and a way to let its time pass. */
export interface StoreUnderTest {
  store: RunStore;
  /** The same runs as another process sees them. @default the store itself */
  peer?: RunStore | undefined;
  advance(ms: number): void | Promise<void>;
}

export interface RunStoreTraits {
  /** What the store leaves out, and is not examined for. */
  without?: readonly ("cancel" | "fence")[] | undefined;
  /** After how long a run that nobody writes is forgotten. @default never */
  ttlMs?: number | undefined;
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
export function runStoreContract(
  name: string,
  make: () => StoreUnderTest | Promise<StoreUnderTest>,
  { without = [], ttlMs }: RunStoreTraits = {},
): void {
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

    test("makes no run of what JSON cannot hold", async () => {
      const { store } = await make();
      const run = newRun();
      const data: { self?: unknown } = {};
      data.self = data;
      await expect(store.append(run, event(run, 1, { data }))).rejects.toThrow(TypeError);
      await expect(store.checkpoint(run, "key", data)).rejects.toThrow(TypeError);
      expect(await store.load(run)).toBeUndefined();
      expect(await store.read(run, 0)).toEqual([]);
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
      const { store, peer = store, advance } = await make();
      const run = newRun();
      expect(await store.lease(run, 10_000, "a")).toBe(true);
      expect(await peer.lease(run, 10_000, "b")).toBe(false);
      await advance(6_000);
      expect(await store.lease(run, 10_000, "a")).toBe(true);
      await advance(6_000);
      expect(await peer.lease(run, 10_000, "b")).toBe(false);
      await advance(6_000);
      expect(await peer.lease(run, 10_000, "b")).toBe(true);
      expect(await store.lease(run, 0, "a")).toBe(false);
      expect(await peer.lease(run, 0, "b")).toBe(true);
      expect(await store.lease(run, 10_000, "a")).toBe(true);
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

    test("takes no second event of one seq: the first one stays", async () => {
      const { store, peer = store } = await make();
      const run = newRun();
      await store.append(run, event(run, 1));
      await expect(peer.append(run, event(run, 1, { message: "written twice" }))).rejects.toThrow();
      expect(await store.read(run, 0)).toEqual([event(run, 1)]);
    });

    test("a subscriber, where there are any, hears of each event, whoever wrote it, until it leaves", async () => {
      const { store, peer = store, advance } = await make();
      const run = newRun();
      if (store.subscribe === undefined) return expect(peer.subscribe).toBeUndefined();
      const first = hearing(store, run, advance);
      await peer.append(run, event(run, 1));
      await first.until(1);
      await store.append(run, event(run, 2));
      await first.until(2);
      first.leave();
      const heard = first.rings();
      const second = hearing(store, run, advance);
      await peer.append(run, event(run, 3));
      await second.until(3);
      expect(first.rings()).toBe(heard);
    });

    test("gives back any JSON exactly, and 2,000 events of it in order", async () => {
      const { store, peer = store } = await make();
      const run = newRun();
      const data = {
        text: '\u0000\u2028 "quoted" \\ 🚂 \ud800',
        numbers: [0, -0.1, 1e21, 1e-7, Number.MAX_SAFE_INTEGER],
        empty: ["", [], {}, null, false],
        ["__proto__"]: { polluted: true },
        long: "语".repeat(20_000),
      };
      await store.checkpoint(run, "exact", data);
      await store.append(run, event(run, 1, { data }));
      for (let seq = 2; seq <= 2_000; seq++) await store.append(run, event(run, seq, { data: { seq } }));
      const exact = JSON.parse(JSON.stringify(data)) as unknown;
      expect(await peer.load(run)).toEqual({ exact });
      const events = await peer.read(run, 0);
      expect(JSON.stringify(events[0]?.data)).toBe(JSON.stringify(data));
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 2_000 }, (_, at) => at + 1));
      expect((await peer.read(run, 1_990)).map(({ data: kept }) => kept)).toEqual(
        Array.from({ length: 10 }, (_, at) => ({ seq: 1_991 + at })),
      );
    });

    if (!without.includes("fence")) describeFence(make);
    if (!without.includes("cancel")) describeCancel(make);
    if (ttlMs !== undefined) describeExpiry(make, ttlMs);
  });
}

function describeFence(make: () => StoreUnderTest | Promise<StoreUnderTest>): void {
  test("lets nobody write who has lost the lease to another one, also after that one has ended the run", async () => {
    const { store, peer = store, advance } = await make();
    const run = newRun();
    await store.lease(run, 10_000, "zombie");
    await store.append(run, event(run, 1), "zombie");
    await store.checkpoint(run, "item", "first", "zombie");
    await advance(10_000);
    // Nobody else has come: what it has made is welcome.
    await store.append(run, event(run, 2), "zombie");
    expect(await peer.lease(run, 10_000, "heir")).toBe(true);
    await expect(store.append(run, event(run, 3), "zombie")).rejects.toThrow();
    await expect(store.checkpoint(run, "item", "late", "zombie")).rejects.toThrow();
    const end = event(run, 3, { status: "error", final: true });
    await peer.append(run, end, "heir");
    await peer.lease(run, 0, "heir");
    await expect(store.append(run, event(run, 3), "zombie")).rejects.toThrow();
    await expect(store.checkpoint(run, "item", "later still", "zombie")).rejects.toThrow();
    // Nor does it get the run back by renewing what it has lost, though it is free again.
    expect(await store.lease(run, 10_000, "zombie")).toBe(false);
    expect(await store.lease(run, 10_000, "resumer")).toBe(true);
    expect(await peer.read(run, 1)).toEqual([event(run, 2), end]);
    expect(await peer.load(run)).toEqual({ item: "first" });
  });
}

function describeCancel(make: () => StoreUnderTest | Promise<StoreUnderTest>): void {
  const asked = (store: RunStore, run: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let times = 0;
    const leave = store.onCancel?.(run, () => {
      times++;
      resolve();
    });
    onTestFinished(() => leave?.());
    return { heard: promise, times: () => times, leave: () => leave?.() };
  };

  test("whoever executes a run hears once that it is to stop, from any process, before or after it began", async () => {
    const { store, peer = store } = await make();
    const [early, late] = [newRun(), newRun()];
    await peer.cancel?.(early);
    expect(await store.lease(early, 10_000, "a")).toBe(true);
    await asked(store, early).heard;

    await store.lease(late, 10_000, "a");
    const other = asked(store, newRun());
    const listener = asked(store, late);
    await store.append(late, event(late, 1), "a");
    await peer.cancel?.(late);
    await listener.heard;
    await peer.cancel?.(late);
    await asked(store, late).heard;
    expect([listener.times(), other.times()]).toEqual([1, 0]);
  });

  test("who has left hears nothing", async () => {
    const { store, peer = store } = await make();
    const run = newRun();
    const gone = asked(store, run);
    gone.leave();
    const there = asked(store, run);
    await peer.cancel?.(run);
    await there.heard;
    expect(gone.times()).toBe(0);
  });

  test("a run that is leased anew after its end is not stopped by what was asked before", async () => {
    const { store, peer = store } = await make();
    const run = newRun();
    await store.lease(run, 10_000, "a");
    await store.append(run, event(run, 1), "a");
    await peer.cancel?.(run);
    // The same execution: what was asked holds.
    await store.lease(run, 10_000, "a");
    await asked(store, run).heard;
    await store.append(run, event(run, 2, { final: true }), "a");
    await store.lease(run, 0, "a");

    expect(await peer.lease(run, 10_000, "b")).toBe(true);
    const resumed = asked(peer, run);
    await peer.append(run, event(run, 3), "b");
    expect(resumed.times()).toBe(0);
    await store.cancel?.(run);
    await resumed.heard;
    expect(resumed.times()).toBe(1);
  });
}

function describeExpiry(make: () => StoreUnderTest | Promise<StoreUnderTest>, ttlMs: number): void {
  test("forgets a run some time after its last write, never one that is leased", async () => {
    const { store, peer = store, advance } = await make();
    const [done, running] = [newRun(), newRun()];
    const step = ttlMs * 0.6;
    for (const run of [done, running]) {
      await store.checkpoint(run, "key", 1);
      await store.append(run, event(run, 1));
    }
    await store.lease(running, 10_000, "a");
    await advance(step);
    await store.append(done, event(done, 2));
    await store.lease(running, 10_000, "a");
    await advance(step);
    expect(await peer.load(done)).toEqual({ key: 1 });
    expect(await peer.read(done, 1)).toEqual([event(done, 2)]);
    await store.lease(running, 10_000, "a");
    await advance(step);
    expect([await peer.load(done), await peer.read(done, 0)]).toEqual([undefined, []]);
    expect([await peer.load(running), await peer.read(running, 0)]).toEqual([{ key: 1 }, [event(running, 1)]]);
  });
}

/** A subscriber that reads the run whenever it is called; some stores look now and then what other processes wrote. */
function hearing(store: RunStore, run: string, advance: StoreUnderTest["advance"]) {
  let rings = 0;
  let rung = Promise.withResolvers<void>();
  const leave = store.subscribe?.(run, () => {
    rings++;
    rung.resolve();
  });
  onTestFinished(() => leave?.());
  return {
    rings: () => rings,
    leave: () => leave?.(),
    /** Resolves once a call has led to the event. */
    async until(seq: number): Promise<void> {
      for (;;) {
        await advance(1_000);
        await rung.promise;
        rung = Promise.withResolvers();
        if (((await store.read(run, 0)).at(-1)?.seq ?? 0) >= seq) return;
      }
    },
  };
}
