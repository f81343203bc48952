import { ProviderError } from "@signalbox/core";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { RedisUnavailableError } from "../connection/redis-unavailable-error.js";
import { RunOutbox, type RunWrite } from "./run-outbox.js";

/** A Redis that is there or not, and what it was given. */
function redis() {
  const written: string[] = [];
  const state = { away: false, refuses: new Set<string>() };
  const write = (name: string, more: Partial<RunWrite> = {}): RunWrite => ({
    runId: "r",
    writer: "w",
    bytes: 10,
    send: async () => {
      if (state.away) throw new RedisUnavailableError("away");
      if (state.refuses.has(name)) throw new Error(`${name} is refused`);
      written.push(name);
    },
    ...more,
  });
  return { written, state, write };
}

test("what is written while Redis is away is written once it is back, in order, and what comes meanwhile behind it", async () => {
  const { written, state, write } = redis();
  const outbox = new RunOutbox(100);
  await outbox.write(write("1"));
  state.away = true;
  await outbox.write(write("2"));
  state.away = false;
  // Redis is back, but nobody has said so: it must not overtake.
  await outbox.write(write("3"));
  expect([written, outbox.isWaiting("r", "w")]).toEqual([["1"], true]);
  await outbox.flush();
  await outbox.write(write("4"));
  expect([written, outbox.isWaiting("r", "w")]).toEqual([["1", "2", "3", "4"], false]);
});

test("whatever comes and goes, each run's writes arrive once and in order", async () => {
  const moves = fc.array(fc.constantFrom("write a", "write b", "away", "back", "flush"), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(moves, async (script) => {
      const { written, state, write } = redis();
      const outbox = new RunOutbox(10_000);
      const sent: string[] = [];
      for (const [at, move] of script.entries()) {
        if (move === "away") state.away = true;
        else if (move === "back") state.away = false;
        else if (move === "flush") await outbox.flush().catch(() => {});
        else {
          const runId = move.slice(-1);
          sent.push(`${runId}${at}`);
          await outbox.write(write(`${runId}${at}`, { runId }));
        }
      }
      state.away = false;
      await outbox.flush();
      for (const run of ["a", "b"]) {
        const of = (names: string[]) => names.filter((name) => name.startsWith(run));
        expect(of(written)).toEqual(of(sent));
      }
      expect(written).toHaveLength(sent.length);
    }),
  );
});

test("what Redis refuses is told at once, or by the next write; nothing of that writer is written any more", async () => {
  const { written, state, write } = redis();
  const outbox = new RunOutbox(100);
  state.refuses.add("2");
  await expect(outbox.write(write("2"))).rejects.toThrow("2 is refused");
  state.away = true;
  for (const name of ["1", "2", "3"]) await outbox.write(write(name));
  state.away = false;
  await outbox.flush();
  await expect(outbox.write(write("4"))).rejects.toThrow("2 is refused");
  await outbox.write(write("by another", { writer: "heir" }));
  expect(written).toEqual(["1", "by another"]);
  outbox.forget("r", "w");
  await outbox.write(write("5"));
  expect(written).toEqual(["1", "by another", "5"]);
});

test("keeps no more than its bound, over all runs, and takes room back when it is written", async () => {
  const { state, write } = redis();
  const outbox = new RunOutbox(25);
  state.away = true;
  await outbox.write(write("1"));
  await outbox.write(write("2", { runId: "other" }));
  const full = outbox.write(write("3"));
  await expect(full).rejects.toBeInstanceOf(ProviderError);
  await expect(full).rejects.toMatchObject({ code: "provider_error", detail: expect.stringContaining("20 bytes") });
  state.away = false;
  await outbox.flush();
  state.away = true;
  await outbox.write(write("4"));
  expect(outbox.discard()).toEqual({ writes: 1, runs: 1 });
});

test("a Redis that is there but not able yet is away too", async () => {
  const { state, written, write } = redis();
  const outbox = new RunOutbox(100);
  const loading = async () => {
    throw new Error("LOADING Redis is loading the dataset in memory");
  };
  await outbox.write(write("1", { send: loading }));
  expect(outbox.isWaiting("r", "w")).toBe(true);
  await expect(outbox.flush("r")).rejects.toThrow("LOADING");
  await outbox.flush("another run");
  expect([state.away, written, outbox.discard()]).toEqual([false, [], { writes: 1, runs: 1 }]);
});

test("a run that never stops telling does not put off the next try", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { state, written, write } = redis();
  const outbox = new RunOutbox(100_000);
  state.away = true;
  await outbox.write(write("0"));
  state.away = false;
  for (let at = 1; at <= 20; at++) {
    await vi.advanceTimersByTimeAsync(100);
    await outbox.write(write(`${at}`));
  }
  expect(written).toEqual(Array.from({ length: 21 }, (_, at) => `${at}`));
});
