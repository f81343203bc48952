import { type Clock, systemClock } from "../http/clock.js";
import type { ChatCompletion } from "../messages/chat-body.js";
import type { ResponseCache } from "./response-cache.js";

type Ending = ChatCompletion | "left" | undefined;

/** An answer that is being made, and those who wait for it. */
interface Flight {
  readonly claim: string;
  readonly waiting: Set<(ending: Ending) => void>;
  expire: { clear(): void };
}

/** Time, for tests. */
export interface SingleFlightOptions {
  /** For tests. @default the system's */
  clock?: Clock | undefined;
}

/**
 * The same cache, of which equal calls of this process ask the model once: the first asks, the others wait for its
 * answer. They go on by themselves when it fails or takes longer than a minute; where its caller has left, one of them
 * takes over.
 */
export function singleFlight(cache: ResponseCache, { clock = systemClock }: SingleFlightOptions = {}): ResponseCache {
  const flights = new Map<string, Flight>();
  let claims = 0;

  /** Ends a flight: that of the claim where one is given, else whosever it is. */
  const land = (key: string, ending: (waiting: (ending: Ending) => void) => void, claim?: string) => {
    const flight = flights.get(key);
    if (flight === undefined || (claim ?? flight.claim) !== flight.claim) return;
    flights.delete(key);
    flight.expire.clear();
    for (const waiting of flight.waiting) ending(waiting);
  };

  return {
    ttlMs: cache.ttlMs,
    get: (key) => cache.get(key),
    async set(key, answer, ttlMs) {
      // Whoever has made it. Each of them gets a copy: it is theirs to change.
      land(key, (waiting) => waiting(structuredClone(answer)));
      await cache.set(key, answer, ttlMs);
    },
    async claim(key, ms) {
      if (flights.has(key)) return undefined;
      const claim = String(++claims);
      const expire = clock.after(ms, () => land(key, (waiting) => waiting("left")));
      flights.set(key, { claim, waiting: new Set(), expire });
      // It may have come between the look and the claim.
      const made = await cache.get(key).catch(() => undefined);
      if (made === undefined) return claim;
      land(key, (waiting) => waiting(structuredClone(made)), claim);
      return undefined;
    },
    async yield(key, claim, why) {
      land(key, (waiting) => waiting(why === "left" ? "left" : undefined), claim);
    },
    async wait(key, ms, signal) {
      const flight = flights.get(key);
      if (flight === undefined) return (await cache.get(key)) ?? "left";
      const { promise, resolve } = Promise.withResolvers<Ending>();
      const giveUp = () => resolve(undefined);
      const timer = clock.after(ms, giveUp, { hold: true });
      flight.waiting.add(resolve);
      signal.addEventListener("abort", giveUp, { once: true });
      try {
        return signal.aborted ? undefined : await promise;
      } finally {
        timer.clear();
        flight.waiting.delete(resolve);
        signal.removeEventListener("abort", giveUp);
      }
    },
  };
}
