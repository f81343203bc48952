import { describe, expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { memoryLimitStore } from "./memory-limit-store.js";

const MINUTE = 60_000;
const entry = (limit: number, counter = "c") => ({ counter, limit, windowMs: MINUTE });

describe("sliding windows in memory", () => {
  test("S34 a window slides: a place frees a minute after it was taken", async () => {
    const clock = new ManualClock();
    const store = memoryLimitStore(clock);
    expect(await store.take([entry(2)])).toEqual({ ok: true });
    clock.advance(20_000);
    expect(await store.take([entry(2)])).toEqual({ ok: true });
    expect(await store.take([entry(2)])).toEqual({ ok: false, counter: "c", retryAfterMs: 40_000 });
    clock.advance(40_000);
    expect(await store.take([entry(2)])).toEqual({ ok: true });
    expect(await store.take([entry(2)])).toMatchObject({ retryAfterMs: 20_000 });
  });

  test("calls of one millisecond each count, and free together, none of them early", async () => {
    const clock = new ManualClock();
    const store = memoryLimitStore(clock);
    for (let call = 0; call < 3; call++) {
      clock.advance(0.25);
      expect(await store.take([entry(3)])).toEqual({ ok: true });
    }
    expect(await store.take([entry(3)])).toEqual({ ok: false, counter: "c", retryAfterMs: 60_000.25 });
    clock.advance(59_999.5);
    expect(await store.take([entry(3)])).toMatchObject({ ok: false });
    clock.advance(0.75);
    for (let call = 0; call < 3; call++) expect(await store.take([entry(3)])).toEqual({ ok: true });
  });

  test("what is corrected later shares no place with what is only counted", async () => {
    const store = memoryLimitStore(new ManualClock());
    const weighed = await store.take([{ ...entry(10), weight: 5 }]);
    for (let call = 0; call < 3; call++) expect(await store.take([entry(10)])).toEqual({ ok: true });
    await store.correct?.(weighed.ok ? weighed.receipt : undefined, { c: 1 });
    for (let call = 0; call < 6; call++) expect(await store.take([entry(10)])).toEqual({ ok: true });
    expect(await store.take([entry(10)])).toMatchObject({ ok: false });
  });

  test("all entries are taken or none; the longest wait is told", async () => {
    const clock = new ManualClock();
    const store = memoryLimitStore(clock);
    await store.take([entry(1, "a")]);
    clock.advance(1_000);
    await store.take([entry(1, "b")]);
    expect(await store.take([entry(1, "a"), entry(1, "b"), entry(1, "c")])).toEqual({
      ok: false,
      counter: "b",
      retryAfterMs: 60_000,
    });
    expect(await store.take([entry(1, "c")])).toEqual({ ok: true });
  });

  test("S35 a limit that was lowered counts what is in the window already", async () => {
    const clock = new ManualClock();
    const store = memoryLimitStore(clock);
    for (let call = 0; call < 4; call++) {
      await store.take([entry(4)]);
      clock.advance(1_000);
    }
    expect(await store.take([entry(2)])).toMatchObject({ ok: false, retryAfterMs: MINUTE - 2_000 });
    clock.advance(MINUTE - 2_000);
    expect(await store.take([entry(2)])).toEqual({ ok: true });
  });

  test("S35 a block holds until its time by the wall clock", async () => {
    const clock = new ManualClock();
    const store = memoryLimitStore(clock);
    await store.block?.("c", clock.date() + 5_000);
    await store.block?.("c", clock.date() + 1_000);
    expect(await store.take([entry(9)])).toEqual({ ok: false, counter: "c", retryAfterMs: 5_000 });
    clock.advance(5_000);
    expect(await store.take([entry(9)])).toEqual({ ok: true });
  });

  test("a wall clock that is set back holds nobody for longer than was asked", async () => {
    const clock = new ManualClock();
    const store = memoryLimitStore(clock);
    await store.block?.("c", clock.date() + 5_000);
    clock.jump(-3_600_000);
    expect(await store.take([entry(9)])).toEqual({ ok: false, counter: "c", retryAfterMs: 5_000 });
  });

  test("thousands of counters that went quiet disturb nobody", async () => {
    const clock = new ManualClock();
    const store = memoryLimitStore(clock);
    for (let user = 0; user < 3_000; user++) {
      await store.take([entry(1, `u${user}`), entry(5_000, "all")]);
      clock.advance(100);
    }
    expect(await store.take([entry(1, "u2999")])).toMatchObject({ ok: false });
    expect(await store.take([entry(1, "u0")])).toEqual({ ok: true });
    expect(await store.take([entry(600, "all")])).toMatchObject({ ok: true });
    expect(await store.take([entry(600, "all")])).toMatchObject({ ok: false });
  });
});
