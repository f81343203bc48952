import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatCompletion, ResponseCache } from "../src/index.js";

/** A cache of a test; `peer` is another process's view of the same answers, where there can be one. */
export interface CacheUnderTest {
  cache: ResponseCache;
  peer?: ResponseCache | undefined;
  /** Lets so much time pass for the cache. */
  advance(ms: number): unknown;
  /** Until those who wait, on the cache and on its peer, will hear what is told. @default at once */
  listening?: (() => Promise<void>) | undefined;
}

const answerOf = (content: string): ChatCompletion => ({
  id: `gen-${content.length}`,
  model: "openai/gpt-4o",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.25 },
});

const MINUTE = 60_000;
const forever = new AbortController().signal;

/** What every `ResponseCache` promises; what `claim`, `yield` and `wait` do, where it has them. */
export function responseCacheContract(name: string, make: () => CacheUnderTest | Promise<CacheUnderTest>): void {
  let count = 0;
  const fresh = () => `${name.replaceAll(/\W/g, "-")}-${process.pid}-${count++}`;

  describe(`${name} as a response cache`, () => {
    test("gives what was kept under the key, and nothing else", async () => {
      const { cache, peer = cache } = await make();
      const [key, other] = [fresh(), fresh()];
      expect(await cache.get(key)).toBeUndefined();
      await cache.set(key, answerOf("one"), MINUTE);
      expect(await peer.get(key)).toEqual(answerOf("one"));
      expect(await peer.get(other)).toBeUndefined();
      await peer.set(key, answerOf("two"), MINUTE);
      expect(await cache.get(key)).toEqual(answerOf("two"));
    });

    test("an answer is as it was when it was kept, whatever becomes of it, or of a copy, later", async () => {
      const { cache } = await make();
      const key = fresh();
      const answer = answerOf("kept");
      await cache.set(key, answer, MINUTE);
      answer.id = "changed";
      const first = await cache.get(key);
      first?.choices?.splice(0);
      expect(await cache.get(key)).toEqual(answerOf("kept"));
    });

    test("an answer is gone when its time is up, and not before", async () => {
      const { cache, advance } = await make();
      const [short, long] = [fresh(), fresh()];
      await cache.set(short, answerOf("short"), 40);
      await cache.set(long, answerOf("long"), MINUTE);
      while ((await cache.get(short)) !== undefined) await advance(10);
      expect(await cache.get(long)).toEqual(answerOf("long"));
    });

    test("an answer that is too large is not kept, and nobody fails", async () => {
      const { cache } = await make();
      const key = fresh();
      await cache.set(key, answerOf("x".repeat(1_000_001)), MINUTE);
      expect(await cache.get(key)).toBeUndefined();
    });

    test("any text comes back as it was", async () => {
      const { cache } = await make();
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "grapheme" }), async (content) => {
          const key = fresh();
          await cache.set(key, answerOf(content), MINUTE);
          expect(await cache.get(key)).toEqual(answerOf(content));
        }),
        { numRuns: 25 },
      );
    });
  });
}

/** What the caches of single-flight promise besides. */
export function singleFlightContract(name: string, make: () => CacheUnderTest | Promise<CacheUnderTest>): void {
  let count = 0;
  const fresh = () => `flight-${name.replaceAll(/\W/g, "-")}-${process.pid}-${count++}`;
  const claim = (cache: ResponseCache, key: string, ms = MINUTE) => cache.claim?.(key, ms);
  const claimed = async (cache: ResponseCache, key: string, ms = MINUTE): Promise<string> => {
    const mine = await claim(cache, key, ms);
    if (mine === undefined) throw new Error("somebody has the right already");
    return mine;
  };
  const wait = (cache: ResponseCache, key: string, signal = forever, ms = MINUTE) => cache.wait?.(key, ms, signal);

  describe(`${name} as a cache of single-flight`, () => {
    test("one of many gets the right, and the others its answer, each a copy", async () => {
      const { cache, peer = cache } = await make();
      const key = fresh();
      const claims = await Promise.all([cache, peer, cache, peer].map((each) => claim(each, key)));
      const at = claims.findIndex((each) => each !== undefined);
      expect(claims.map((each) => typeof each).toSorted()).toEqual(["string", ...Array(3).fill("undefined")]);
      const waiting = [wait(cache, key), wait(peer, key)];
      const maker = at % 2 === 0 ? cache : peer;
      await maker.set(key, answerOf("made"), MINUTE, claims[at]);
      const [one, two] = await Promise.all(waiting);
      expect([one, two]).toEqual([answerOf("made"), answerOf("made")]);
      expect(one).not.toBe(two);
    });

    test("no right is given for an answer that is there; who waits for it has it", async () => {
      const { cache, peer = cache } = await make();
      const key = fresh();
      await cache.set(key, answerOf("there"), MINUTE);
      expect(await claim(peer, key)).toBeUndefined();
      expect(await wait(peer, key)).toEqual(answerOf("there"));
    });

    test("where there will be none, everybody goes on", async () => {
      const { cache, peer = cache, listening } = await make();
      const key = fresh();
      const mine = await claimed(cache, key);
      const waiting = [wait(cache, key), wait(peer, key)];
      await listening?.();
      await cache.yield?.(key, mine, "failed");
      expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
      expect(await claim(peer, key)).toBeTypeOf("string");
    });

    test("where its maker has left, the right is free for one of the others", async () => {
      const { cache, peer = cache, listening } = await make();
      const key = fresh();
      const mine = await claimed(cache, key);
      const waiting = [wait(cache, key), wait(peer, key), wait(peer, key)];
      await listening?.();
      await cache.yield?.(key, mine, "left");
      expect(await Promise.all(waiting)).toEqual(["left", "left", "left"]);
      const claims = await Promise.all([claim(cache, key), claim(peer, key)]);
      expect(claims.filter((each) => each !== undefined)).toHaveLength(1);
    });

    test("who stops waiting stops alone; who has waited long enough goes on", async () => {
      const { cache, peer = cache, advance } = await make();
      const key = fresh();
      await claim(cache, key);
      const left = new AbortController();
      const [leaving, staying, hasty] = [wait(peer, key, left.signal), wait(peer, key), wait(peer, key, forever, 30)];
      left.abort();
      await leaving;
      let isHasty = true;
      const ended = hasty?.finally(() => {
        isHasty = false;
      });
      while (isHasty) await advance(10);
      expect(await ended).toBeUndefined();
      await cache.set(key, answerOf("made"), MINUTE);
      expect(await staying).toEqual(answerOf("made"));
    });

    test("a right that has run out is free", async () => {
      const { cache, peer = cache, advance } = await make();
      const key = fresh();
      await claim(cache, key, 30);
      const waiting = wait(peer, key);
      let isOver = false;
      const ended = waiting?.finally(() => {
        isOver = true;
      });
      while (!isOver) await advance(10);
      expect(await ended).toBe("left");
      expect(await claim(peer, key)).toBeTypeOf("string");
    });

    test("whoever gives back a right that has run out ends nobody else's", async () => {
      const { cache, peer = cache, advance, listening } = await make();
      for (const next of [cache, peer]) {
        const key = fresh();
        const late = await claimed(cache, key, 30);
        let mine: string | undefined;
        while (mine === undefined) {
          await advance(10);
          mine = await claim(next, key);
        }
        const waiting = [wait(cache, key), wait(peer, key)];
        await listening?.();
        await cache.yield?.(key, late, "failed");
        await cache.yield?.(key, late, "left");
        expect(await claim(cache, key)).toBeUndefined();
        await next.set(key, answerOf("made"), MINUTE, mine);
        expect(await Promise.all(waiting)).toEqual([answerOf("made"), answerOf("made")]);
      }
    });
  });
}
