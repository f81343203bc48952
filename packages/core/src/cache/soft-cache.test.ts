import { describe, expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import type { ResponseCache } from "./response-cache.js";
import { SoftCache } from "./soft-cache.js";

const answer = { choices: [{ index: 0, message: { role: "assistant", content: "hi" } }] };
const signal = new AbortController().signal;
const hangs = () => new Promise<never>(() => {});
const down = () => Promise.reject(new RangeError("redis://user:hunter2@db is down"));

function soft(cache: Partial<ResponseCache>) {
  const clock = new ManualClock();
  const warnings: string[] = [];
  const asked: string[] = [];
  const counted =
    <A extends unknown[], T>(name: string, work: (...args: A) => Promise<T>) =>
    (...args: A) => {
      asked.push(name);
      return work(...args);
    };
  const whole: ResponseCache = {
    ...cache,
    get: counted("get", cache.get ?? (async () => answer)),
    set: counted("set", cache.set ?? (async () => {})),
  };
  return { cache: new SoftCache(whole, clock, (message) => warnings.push(message)), clock, warnings, asked };
}

describe("a cache that fails", () => {
  test("is a miss, is told once in words without its own, and is left alone for a second", async () => {
    const { cache, clock, warnings, asked } = soft({ get: down });
    expect([await cache.get("a"), await cache.get("a"), cache.isAway]).toEqual([undefined, undefined, true]);
    clock.advance(999);
    await cache.set("a", answer);
    expect(asked).toEqual(["get"]);
    expect(warnings).toEqual(["the response cache failed (RangeError); calls go on without it"]);
    clock.advance(1);
    await cache.get("a");
    expect([asked.length, warnings.length]).toEqual([2, 1]);
  });

  test("is tried by one call at a time, and is told of anew once it has worked again", async () => {
    let works = false;
    const { cache, clock, warnings, asked } = soft({ get: async () => (works ? answer : down()) });
    await cache.get("a");
    clock.advance(1_000);
    works = true;
    expect(await Promise.all([cache.get("a"), cache.get("a")])).toEqual([answer, undefined]);
    expect([await cache.get("a"), cache.isAway, asked.length]).toEqual([answer, false, 3]);
    works = false;
    await cache.get("a");
    expect(warnings).toHaveLength(2);
  });

  test("is told of the end of a right all the same: others wait for it", async () => {
    const ended: string[] = [];
    const { cache, warnings, asked } = soft({
      get: down,
      claim: async () => undefined,
      wait: hangs,
      set: async (key, _answer, _ms, claim) => void ended.push(`${key} ${claim} made`),
      yield: async (key, claim, why) => void ended.push(`${key} ${claim} ${why}`),
    });
    await cache.get("a");
    await cache.set("a", answer);
    expect([cache.isAway, asked]).toEqual([true, ["get"]]);
    await cache.set("b", answer, undefined, "mine");
    await cache.get("a");
    await cache.yield("c", "other", "failed");
    expect([ended, warnings.length]).toEqual([["b mine made", "c other failed"], 2]);
  });

  test("that throws at once, in place of rejecting, is the same", async () => {
    const { cache } = soft({
      get() {
        throw new Error("no");
      },
    });
    expect(await cache.get("a")).toBeUndefined();
  });
});

describe("a cache that hangs", () => {
  test("holds a call for a second at most", async () => {
    const { cache, clock, warnings } = soft({ get: hangs });
    const asked = cache.get("a");
    await clock.waiting(1_000);
    clock.advance(1_000);
    expect(await asked).toBeUndefined();
    expect(warnings).toEqual(["the response cache failed (no answer within 1000 ms); calls go on without it"]);
  });

  test("holds who waits for another's answer for a second more than it should", async () => {
    const { cache, clock } = soft({ claim: async () => undefined, wait: hangs });
    const waiting = cache.wait("a", 5_000, signal);
    await clock.waiting(6_000);
    clock.advance(6_000);
    expect(await waiting).toBeUndefined();
  });

  test("a right that comes when nobody waits for it any more is given back", async () => {
    const claimed = Promise.withResolvers<string>();
    const given = Promise.withResolvers<string>();
    const { cache, clock } = soft({
      claim: () => claimed.promise,
      wait: hangs,
      yield: async (key, claim, why) => given.resolve(`${key} ${claim} ${why}`),
    });
    const claiming = cache.claim("a", 5_000);
    await clock.waiting(1_000);
    clock.advance(1_000);
    expect(await claiming).toBeUndefined();
    claimed.resolve("mine");
    expect(await given.promise).toBe("a mine left");
  });

  test("a claim that is no text is none", async () => {
    const { cache } = soft({ claim: async () => true as never, wait: hangs });
    expect(await cache.claim("a", 5_000)).toBeUndefined();
  });
});

test.each([[null], ["text"], [{}], [{ choices: [] }], [{ choices: [null] }], [{ choices: [{ message: "hi" }] }]])(
  "what is no answer is none: %j",
  async (value) => {
    const { cache, warnings } = soft({ get: async () => value as never });
    expect([await cache.get("a"), warnings]).toEqual([undefined, []]);
  },
);

test("an answer is kept for as long as somebody says: the request, the cache, else for an hour", async () => {
  const kept: number[] = [];
  const set = async (_key: string, _answer: unknown, ms: number) => void kept.push(ms);
  await soft({ set, ttlMs: 5 }).cache.set("a", answer, 7);
  await soft({ set, ttlMs: 5 }).cache.set("a", answer);
  await soft({ set }).cache.set("a", answer);
  expect(kept).toEqual([7, 5, 3_600_000]);
});
