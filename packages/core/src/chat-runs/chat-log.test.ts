import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { dictatedRun, heldStore, settled, textOf, told } from "../../test/chat-runs.js";
import { ManualClock } from "../../test/manual-clock.js";
import { createError } from "../errors/error-classes.js";
import { memoryRunStore } from "../steps/memory-run-store.js";
import type { RunStore, StepEvent } from "../steps/step-types.js";

function badly(): void {
  throw new Error("the pager is away too");
}

describe("a store", () => {
  test("has what a reader is told: whoever comes back to it finds it there", async () => {
    const clock = new ManualClock();
    const store = heldStore(memoryRunStore({ clock }));
    const { run, source } = dictatedRun({ store, clock });
    const events: StepEvent[] = [];
    const live = (async () => {
      for await (const event of run.events) {
        events.push(event);
        expect(await store.read(run.runId, event.seq - 1)).toHaveLength(1);
      }
    })();
    await run.kept;
    source.text("a");
    await settled();
    expect([store.held, events]).toEqual([1, []]);
    store.letThrough();
    await settled();
    expect(events).toHaveLength(1);
    store.open();
    source.finish();
    await live;
  });

  test("that is slow gets fewer and larger events, and everybody is told the same ones", async () => {
    const clock = new ManualClock();
    const store = heldStore(memoryRunStore({ clock }));
    const { run, source } = dictatedRun({ store, clock });
    const live = told(run.events);
    await run.kept;
    for (const text of ["a", "b", "c", "d"]) {
      source.text(text);
      await settled();
    }
    expect(store.held).toBe(1);
    store.letThrough();
    await settled();
    source.finish();
    await settled();
    store.open();
    const events = await live;
    await run.settled;
    expect(events.map(({ data }) => (data as { text?: string }).text)).toEqual(["a", "bcd", undefined]);
    expect(await store.read(run.runId, 0)).toEqual(JSON.parse(JSON.stringify(events)));
  });

  test("that hangs is not waited for by the reader, and is given up in the end", async () => {
    const clock = new ManualClock();
    const store = heldStore(memoryRunStore({ clock }));
    const unkept: unknown[] = [];
    const { run, source } = dictatedRun({ store, clock, onUnkept: (error) => unkept.push(error) });
    const reader = run.events[Symbol.asyncIterator]();
    await run.kept;
    source.text("a");
    await settled();
    clock.advance(250);
    expect((await reader.next()).value).toMatchObject({ seq: 1, data: { text: "a" } });
    source.text("b");
    expect((await reader.next()).value).toMatchObject({ seq: 2, data: { text: "b" } });
    source.finish();
    expect((await reader.next()).value).toMatchObject({ seq: 3, final: true });
    expect(unkept).toEqual([]);
    clock.advance(10_000);
    await run.settled;
    expect(unkept).toMatchObject([{ status: 503 }]);
    expect(await run.result).toMatchObject({ text: "Hello world" });
  });

  test("that takes the run only when it is over, and cannot keep it then, leases it to nobody", async () => {
    const clock = new ManualClock();
    const kept = memoryRunStore({ clock });
    const slow = Promise.withResolvers<void>();
    const store: RunStore = {
      ...kept,
      async load(runId) {
        await slow.promise;
        return kept.load(runId);
      },
      checkpoint: () => Promise.reject(new Error("full")),
    };
    const { run, source } = dictatedRun({ store, clock });
    await clock.waiting(10_000);
    clock.advance(10_000);
    source.text("a");
    source.finish();
    await run.settled;
    slow.resolve();
    await settled();
    expect(await kept.lease(run.runId, 1_000, "whoever comes next")).toBe(true);
    expect(clock.pending).toEqual([]);
  });

  test("that comes back in time has everything, in order", async () => {
    const clock = new ManualClock();
    const store = heldStore(memoryRunStore({ clock }));
    const { run, source } = dictatedRun({ store, clock });
    await run.kept;
    for (const text of ["a", "b", "c"]) {
      source.text(text);
      await settled();
      clock.advance(250);
    }
    source.finish();
    await run.result;
    store.open();
    await run.settled;
    const kept = await store.read(run.runId, 0);
    expect(kept.map(({ seq, final }) => [seq, final ?? false])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, true],
    ]);
    expect(textOf(kept)).toBe("abc");
  });

  test("that fails costs the run its log and a warning, never its answer", async () => {
    const clock = new ManualClock();
    const store = heldStore(memoryRunStore({ clock }));
    const unkept: unknown[] = [];
    const { run, source } = dictatedRun({ store, clock, onUnkept: (error) => unkept.push(error) });
    const live = told(run.events);
    await run.kept;
    source.text("a");
    await settled();
    store.fail(new Error("READONLY"));
    await settled();
    source.text("b").finish();
    const events = await live;
    await run.settled;
    expect(events.map(({ seq, data }) => [seq, (data as { type: string }).type])).toEqual([
      [1, "text-delta"],
      [2, "warning"],
      [3, "text-delta"],
      [4, "finish"],
    ]);
    expect(unkept).toEqual([new Error("READONLY")]);
    expect(await store.read(run.runId, 0)).toEqual([]);
  });

  test("that lets another process take the run over is told, like any other that keeps no more of it", async () => {
    const store = heldStore(memoryRunStore());
    const unkept: unknown[] = [];
    const { run, source } = dictatedRun({ store, onUnkept: (error) => unkept.push(error) });
    await run.kept;
    source.text("a");
    await settled();
    const taken = createError("invalid_request", "the run was taken over", { status: 409 });
    store.fail(taken);
    await settled();
    source.finish();
    await run.settled;
    expect(unkept).toEqual([taken]);
  });

  test.each([
    ["throws", () => badly()],
    ["rejects", async () => badly()],
  ])(
    "whose failure a listener cannot bear (it %s) costs no more than a warning of the process",
    async (_how, onUnkept) => {
      const warned = once(process, "warning");
      const away = { ...memoryRunStore(), load: () => Promise.reject(new Error("ECONNREFUSED")) };
      const { run, source } = dictatedRun({ store: away, onUnkept });
      source.text("Hello").finish();
      expect(textOf(await told(run.events))).toBe("Hello");
      expect((await warned)[0]).toMatchObject({ code: "SIGNALBOX_CALLBACK", message: "`onUnkept` failed" });
    },
  );

  test("that hangs for ever keeps nobody waiting for the end of the run", async () => {
    const clock = new ManualClock();
    const kept = memoryRunStore({ clock });
    const never = new Promise<never>(() => {});
    const { run, source } = dictatedRun({ clock, store: { ...kept, append: () => never, lease: kept.lease } });
    source.text("Hello").finish();
    await run.result;
    await settled();
    clock.advance(10_000);
    await run.settled;
    expect(textOf(await told(run.events))).toBe("Hello");
  });

  test("that is away from the start does not keep the request from being sent", async () => {
    const unkept: unknown[] = [];
    const away = { ...memoryRunStore(), load: () => Promise.reject(new Error("ECONNREFUSED")) };
    const { run, source } = dictatedRun({ store: away, onUnkept: (error) => unkept.push(error) });
    source.text("Hello").finish();
    expect(textOf(await told(run.events))).toBe("Hello");
    await expect(run.kept).rejects.toThrow("ECONNREFUSED");
    await run.settled;
    expect(unkept).toHaveLength(1);
  });

  test("that does not answer a run which must be kept is given up, and nothing is sent", async () => {
    const clock = new ManualClock();
    const store = { ...memoryRunStore({ clock }), load: () => new Promise<never>(() => {}) };
    const { run, requests } = dictatedRun({ clock, store, mustKeep: true });
    await settled();
    clock.advance(10_000);
    await expect(run.kept).rejects.toMatchObject({ code: "provider_error", status: 503 });
    await expect(run.result).rejects.toMatchObject({ code: "provider_error", status: 503 });
    await run.settled;
    expect(requests).toEqual([]);
  });

  test("never has more waiting for it than a bound: the run waits", async () => {
    const clock = new ManualClock();
    const store = heldStore(memoryRunStore({ clock }));
    const { run, source } = dictatedRun({ store, clock });
    const live = told(run.events);
    await run.kept;
    const part = "x".repeat(300_000);
    for (let read = 0; read < 20; read++) source.text(part);
    await settled();
    await settled();
    const pulled = source.pulls;
    expect(pulled).toBeLessThan(8);
    store.open();
    source.finish();
    expect(textOf(await live)).toHaveLength(6_000_000);
    expect(source.pulls).toBeGreaterThan(20);
  });
});
