import { createHash } from "node:crypto";
import type { Clock } from "../clock.js";
import type { Exchange } from "../delivery/exchange.js";

/** An answer that was kept, and the generation that made it. */
export interface Kept<T> {
  answer: T;
  sourceId: string;
  at: number;
  until: number;
}

/** What the cache has and does for one request. */
export interface CacheSlot<T> {
  hit: Kept<T> | undefined;
  /** What the answer's headers say of it. */
  headers: Record<string, string>;
  keep(answer: T, sourceId: string): void;
}

const mostKept = 1_000;
const defaultSeconds = 300;
const mostSeconds = 86_400;
const header = "x-openrouter-cache";

/** Answers for equal requests of one key that opt in; the latest 1,000. */
export class ResponseCache<T> {
  private readonly kept = new Map<string, Kept<T>>();

  constructor(private readonly clock: Clock) {}

  /** The place of a request; undefined where it did not ask for one. */
  slot({ entry, apiKey }: Exchange): CacheSlot<T> | undefined {
    if (entry.headers[header] !== "true") return undefined;
    // As the body was written: another order of its properties is another request.
    const key = createHash("sha256")
      .update(`${apiKey}\n${entry.path}\n${JSON.stringify(entry.body)}`)
      .digest("hex");
    if (entry.headers[`${header}-clear`] === "true") this.kept.delete(key);
    const seconds = secondsToKeep(entry.headers[`${header}-ttl`]);
    const now = this.clock.now();
    const found = this.kept.get(key);
    const hit = found !== undefined && found.until > now ? found : undefined;
    return {
      hit,
      headers: hit ? hitHeaders(hit, now) : { [`${header}-status`]: "MISS", [`${header}-ttl`]: String(seconds) },
      keep: (answer, sourceId) => this.keep(key, { answer, sourceId, at: now, until: now + seconds * 1_000 }),
    };
  }

  private keep(key: string, kept: Kept<T>): void {
    this.kept.delete(key);
    this.kept.set(key, kept);
    const oldest = this.kept.size > mostKept ? this.kept.keys().next().value : undefined;
    if (oldest !== undefined) this.kept.delete(oldest);
  }
}

function hitHeaders({ sourceId, at, until }: Kept<unknown>, now: number): Record<string, string> {
  return {
    [`${header}-status`]: "HIT",
    [`${header}-age`]: String(Math.floor((now - at) / 1_000)),
    [`${header}-ttl`]: String(Math.ceil((until - now) / 1_000)),
    [`${header}-source-id`]: sourceId,
  };
}

function secondsToKeep(asked: string | undefined): number {
  const seconds = asked !== undefined && /^\d+$/.test(asked) ? Number(asked) : defaultSeconds;
  return Math.min(Math.max(seconds, 1), mostSeconds);
}
