import { describe, expect, test } from "vitest";
import { memoryResponseCache, singleFlight } from "../src/index.js";
import { ManualClock } from "./manual-clock.js";
import { responseCacheContract, singleFlightContract } from "./response-cache-contract.js";

function timed(options: { singleFlight?: boolean } = {}) {
  const clock = new ManualClock();
  // Whoever waits for time to pass has to begin with it first.
  const advance = async (ms: number) => {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(ms);
  };
  return { cache: memoryResponseCache({ clock, ...options }), advance };
}

responseCacheContract("memoryResponseCache()", () => timed());
responseCacheContract("memoryResponseCache({ singleFlight })", () => timed({ singleFlight: true }));
singleFlightContract("memoryResponseCache({ singleFlight })", () => timed({ singleFlight: true }));

const answer = (content: string) => ({ choices: [{ index: 0, message: { role: "assistant", content } }] });

describe("memoryResponseCache()", () => {
  test("of too many answers the one that was asked for longest ago goes", async () => {
    const cache = memoryResponseCache({ maxEntries: 2 });
    await cache.set("a", answer("a"), 1_000);
    await cache.set("b", answer("b"), 1_000);
    await cache.get("a");
    await cache.set("c", answer("c"), 1_000);
    const kept = await Promise.all(["a", "b", "c"].map(async (key) => (await cache.get(key)) !== undefined));
    expect(kept).toEqual([true, false, true]);
  });

  test("keeps nothing that is longer than its bound, and forgets what it takes the place of", async () => {
    const cache = memoryResponseCache({ maxAnswerLength: 200 });
    await cache.set("a", answer("a"), 1_000);
    await cache.set("a", answer("a".repeat(200)), 1_000);
    expect(await cache.get("a")).toBeUndefined();
    await memoryResponseCache({ maxEntries: 0 }).set("a", answer("a"), 1_000);
    expect(memoryResponseCache({ ttlMs: 5 }).ttlMs).toBe(5);
  });
});

describe("singleFlight()", () => {
  test("goes on without a look at a cache that fails, and hands on what fails", async () => {
    const down = () => Promise.reject(new RangeError("away"));
    const cache = singleFlight({ get: down, set: down });
    expect(await cache.claim?.("a", 1_000)).toBeTypeOf("string");
    const waiting = cache.wait?.("a", 1_000, new AbortController().signal);
    await expect(cache.set("a", answer("a"), 1_000)).rejects.toThrow("away");
    expect(await waiting).toEqual(answer("a"));
  });

  test("a right that somebody else's answer has ended is not ended twice", async () => {
    const cache = memoryResponseCache({ singleFlight: true });
    await cache.yield?.("a", "none", "failed");
    const mine = await cache.claim?.("a", 1_000);
    await cache.set("a", answer("a"), 1_000);
    await cache.yield?.("a", mine ?? "", "left");
    expect(await cache.claim?.("a", 1_000)).toBeUndefined();
  });
});
