import { once } from "node:events";
import { describe, expect, test } from "vitest";
import type { RedisConnection } from "../connection/redis-connection.js";
import { RedisUnavailableError } from "../connection/redis-unavailable-error.js";
import { LateMarks, type Mark } from "./late-marks.js";

/** A connection that says when it is back, and nothing else; what is marked over it fails while it is away. */
function outage() {
  const state = { isAway: false };
  let back = () => {};
  const made: [string, Mark][] = [];
  const connection: RedisConnection = {
    get isAway() {
      return state.isAway;
    },
    command: () => Promise.reject(new Error("not asked")),
    script: () => Promise.reject(new Error("not asked")),
    subscribe: () => () => {},
    onReconnect(listener) {
      back = listener;
      return () => {
        back = () => {};
      };
    },
    close: async () => {},
  };
  const late = new LateMarks(connection, async (id, mark) => {
    if (state.isAway) throw new RedisUnavailableError("away");
    if (id.startsWith("broken")) throw new Error("ERR user_script:20: attempt to concatenate a nil value");
    made.push([id, mark]);
  });
  const away = () => {
    state.isAway = true;
  };
  const returned = () => {
    state.isAway = false;
    back();
  };
  return { late, made, away, returned };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("marks that could not be made", () => {
  test("are made when Redis is back, the latest of each reservation only", async () => {
    const { late, made, away, returned } = outage();
    await late.mark("a", "sent");
    away();
    await expect(late.mark("a", { settle: 2 })).rejects.toThrow("away");
    await expect(late.mark("b", "sent")).rejects.toThrow("away");
    await expect(late.mark("b", "release")).rejects.toThrow("away");
    await expect(late.mark("b", "sent")).rejects.toThrow("away");
    await expect(late.mark("c", "sent")).rejects.toThrow("away");
    returned();
    await turn();
    expect(made).toEqual([
      ["a", "sent"],
      ["a", { settle: 2 }],
      ["b", "release"],
      ["c", "sent"],
    ]);
    returned();
    await turn();
    expect(made).toHaveLength(4);
  });

  test("are not made where the call has ended otherwise meanwhile", async () => {
    const { late, made, away, returned } = outage();
    away();
    await expect(late.mark("a", "sent")).rejects.toThrow("away");
    returned();
    await late.mark("a", { settle: 1 });
    await turn();
    expect(made.at(-1)).toEqual(["a", { settle: 1 }]);
    const before = made.length;
    returned();
    await turn();
    expect(made).toHaveLength(before);
  });

  test("are kept in a bounded number, and each that is not is told as well", async () => {
    const { late, made, away, returned } = outage();
    away();
    const marks = Array.from({ length: 10_050 }, (_, at) => late.mark(`id-${at}`, { settle: at }));
    const told = await Promise.allSettled(marks);
    expect(told.every(({ status }) => status === "rejected")).toBe(true);
    returned();
    while (made.length < 10_000) await turn();
    await turn();
    expect(made).toHaveLength(10_000);
  });

  test("that Redis refuses hold up none behind them, are tried ten times, and are told then", async () => {
    const { late, made, away, returned } = outage();
    away();
    const marks = Array.from({ length: 120 }, (_, at) => late.mark(`broken-${at}`, { settle: at }));
    await Promise.allSettled([...marks, late.mark("whole", { settle: 1 })]);
    const warning = once(process, "warning");
    for (let time = 1; time < 10; time += 1) {
      returned();
      await turn();
      expect(made).toEqual([["whole", { settle: 1 }]]);
    }
    returned();
    expect(String(await warning)).toContain("Redis refuses to settle 120 calls");
    await late.close();
  });

  test("are made at the end, where Redis is there", async () => {
    const { late, made, away, returned } = outage();
    away();
    await expect(late.mark("a", "release")).rejects.toThrow("away");
    returned();
    await late.close();
    expect(made).toEqual([["a", "release"]]);
  });

  test("that are lost with the process are told at the end", async () => {
    const { late, made, away, returned } = outage();
    await late.mark("a", "sent");
    away();
    await expect(late.mark("a", { settle: 1 })).rejects.toThrow("away");
    await expect(late.close()).rejects.toThrow("1 calls could not be settled: what was set aside stays counted");
    returned();
    await turn();
    expect(made).toEqual([["a", "sent"]]);
  });
});
