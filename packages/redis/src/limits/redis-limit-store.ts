import type { LimitAnswer, LimitEntry, LimitStore } from "@signalbox/core";
import type { RedisConnection } from "../connection/redis-connection.js";
import { blockKey, InsuredLimiter, windowKey } from "./insured-limiter.js";
import { BLOCK, CORRECT } from "./limit-scripts.js";

/** Time, for tests. @default the system's */
export interface LimitClock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Wall-clock milliseconds. */
  date(): number;
}

/** One entry that was let in. */
interface TakenPlace {
  counter: string;
  limiter: InsuredLimiter;
  isLocal: boolean;
  /** When its window ends at the latest, monotonic milliseconds. */
  endsAt: number;
  weight: number;
}

/** What `take` gives for `correct`. */
class Receipt {
  readonly places: readonly TakenPlace[];

  constructor(places: readonly TakenPlace[]) {
    this.places = places;
  }
}

const MOST_LIMITERS = 1_000;
const MOST_BLOCKS = 1_000;
const systemTime: LimitClock = { now: () => performance.now(), date: () => Date.now() };

/**
 * Limits that all processes share, counted by rate-limiter-flexible in windows that begin with their first call: up to
 * twice the limit may pass around the end of a window.
 *
 * While Redis is away each process counts by itself, from nothing, and goes back to Redis when that answers again; a
 * limit is then held by each process, not by all together.
 */
export function redisLimitStore(
  connection: RedisConnection,
  prefix: string,
  clock: LimitClock = systemTime,
): Required<LimitStore> {
  const limiters = new Map<string, InsuredLimiter>();
  /** Blocks that Redis could not be told of. */
  const blocks = new Map<string, number>();

  const limiterOf = ({ limit, windowMs }: LimitEntry): InsuredLimiter => {
    const name = `${limit}/${windowMs}`;
    const known = limiters.get(name);
    if (known) return known;
    const [oldest] = limiters.keys();
    if (oldest !== undefined && limiters.size >= MOST_LIMITERS) limiters.delete(oldest);
    const made = new InsuredLimiter(connection, prefix, Math.floor(limit), Math.ceil(windowMs));
    limiters.set(name, made);
    return made;
  };

  /** Adds to the window of a place, where that is not over. */
  const change = async ({ counter, limiter, isLocal, endsAt }: TakenPlace, more: number): Promise<void> => {
    const leftMs = endsAt - clock.now();
    if (more === 0 || leftMs <= 0) return;
    if (isLocal) await limiter.correctLocally(counter, more);
    else await connection.script(CORRECT, [windowKey(prefix, counter)], [more, Math.ceil(leftMs)]);
  };

  const blockedMs = (counter: string): number => {
    const until = blocks.get(counter);
    if (until === undefined) return 0;
    if (until <= clock.now()) blocks.delete(counter);
    return until - clock.now();
  };

  return {
    async take(entries: LimitEntry[]): Promise<LimitAnswer> {
      const answers = await Promise.all(
        entries.map(async (entry) => {
          const limiter = limiterOf(entry);
          const { counter } = entry;
          const weight = whole(entry.weight ?? 1);
          const heldBackMs = blockedMs(counter);
          const { ok, leftMs, isLocal } =
            heldBackMs > 0 ? { ok: false, leftMs: heldBackMs, isLocal: true } : await limiter.take(counter, weight);
          return { ok, counter, limiter, isLocal, leftMs, endsAt: clock.now() + leftMs, weight };
        }),
      );
      const full = answers.filter(({ ok }) => !ok);
      if (full.length === 0) return { ok: true, receipt: new Receipt(answers) };
      // All or none: what was let in is given back. What cannot be frees with its window.
      const given = answers.filter(({ ok }) => ok).map((place) => change(place, -place.weight).catch(() => {}));
      await Promise.all(given);
      const { counter, leftMs } = full.reduce((longest, one) => (one.leftMs > longest.leftMs ? one : longest));
      return { ok: false, counter, retryAfterMs: Math.max(1, leftMs) };
    },
    async correct(receipt, weights) {
      if (!(receipt instanceof Receipt)) return;
      const changes = receipt.places.map((place) => {
        const told = weights[place.counter];
        if (told === undefined) return undefined;
        const more = whole(told) - place.weight;
        place.weight += more;
        return change(place, more);
      });
      await Promise.all(changes);
    },
    async block(counter, until) {
      const ms = Math.ceil(until - clock.date());
      if (ms <= 0) return;
      try {
        await connection.script(BLOCK, [blockKey(prefix, counter)], [ms]);
      } catch {
        // This process keeps to it by itself.
        const endsAt = Math.max(blocks.get(counter) ?? 0, clock.now() + ms);
        const [oldest] = blocks.keys();
        if (oldest !== undefined && blocks.size >= MOST_BLOCKS && !blocks.has(counter)) blocks.delete(oldest);
        blocks.set(counter, endsAt);
      }
    },
  };
}

/** What is counted; a part of one counts as one. */
const whole = (weight: number) => (weight > 0 ? Math.min(Math.ceil(weight), Number.MAX_SAFE_INTEGER) : 0);
