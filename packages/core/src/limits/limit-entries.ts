import type { CounterNames } from "./counter-names.js";
import { hasAmounts, isFreeModel } from "./is-limited.js";
import { freeCounter, type Lessons, upstreamCounter } from "./lessons.js";
import type { LimitEntry, Limits } from "./limit-store.js";
import { amountEntries } from "./limited-amounts.js";
import type { LimitedCall } from "./limited-call.js";

const MINUTE = 60_000;
const FREE_PER_MINUTE = 20;

/** Every counter that a call takes something from. */
export function limitEntries(call: LimitedCall, limits: Limits, names: CounterNames, lessons: Lessons): LimitEntry[] {
  const { requestsPerMinute = 0, freeRequestsPerMinute } = limits;
  // In one go: a list that grows is made larger than it has to be.
  const entries = requestsPerMinute > 0 ? [perMinute(names.requests, requestsPerMinute)] : [];
  const isFreeCall = call.providerName === "openrouter" && isFreeModel(call.model);
  if (!lessons.isEmpty && (limits.requestsPerMinute !== undefined || isFreeCall)) {
    // A limit on one model: counted only once upstream has shown that there is one.
    const counter = upstreamCounter(call.key, call.model);
    const learned = lessons.get(counter);
    if (learned !== undefined) entries.push(perMinute(counter, learned.limit ?? Number.MAX_SAFE_INTEGER));
  }
  if (isFreeCall) {
    const counter = freeCounter(call.key);
    const told = lessons.get(counter)?.limit;
    // What the user chose is only ever lowered; the default follows upstream both ways.
    const chosen = freeRequestsPerMinute;
    const limit = chosen === undefined ? (told ?? FREE_PER_MINUTE) : Math.min(chosen, told ?? chosen);
    if (limit > 0) entries.push(perMinute(counter, limit));
  }
  if (hasAmounts(limits) && call.atMost !== undefined)
    entries.push(...amountEntries(limits, names.subject, call.atMost(), MINUTE));
  return entries;
}

const perMinute = (counter: string, limit: number): LimitEntry => ({ counter, limit, windowMs: MINUTE });
