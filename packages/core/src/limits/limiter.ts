import { type Clock, systemClock } from "../http/clock.js";
import { abortedWhileWaiting, beforeAbort } from "./before-abort.js";
import { BoundedWait } from "./bounded-wait.js";
import { Corrections } from "./corrections.js";
import { hasAmounts, isFreeModel } from "./is-limited.js";
import type { LimitAnswer, LimitEntry, LimitStore, Limits } from "./limit-store.js";
import { type Amounts, amountEntries, amountWeights } from "./limited-amounts.js";
import { MemoryLimits, storeOf } from "./memory-limit-store.js";
import { type NoPlace, noPlace } from "./no-place.js";
import { storeFailed } from "./store-failure.js";
import { WaitingLine } from "./waiting-line.js";

/** A call that wants to be sent. */
export interface LimitedCall {
  /** `false` switches everything off; `undefined` leaves the defaults: only `:free` models are limited. */
  limits: Limits | false | undefined;
  /** Hash of the API key: whose account upstream counts. */
  key: string;
  /** Whose own limits count: the scope's user. @default `key` */
  subject?: string | undefined;
  /** The id that is sent. */
  model: string;
  providerName: string;
  /** The most it can use and cost; asked only where limits need it. */
  atMost?: (() => Amounts) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Gives a place back, which counts once. What the attempt really used is told whenever it is known: then, later, or
 * never; it counts instead of what was reckoned with.
 */
export type Leave = (used?: Amounts) => void;

/** What a 429 told. */
export interface LimitLesson {
  key: string;
  model: string;
  retryAfterMs?: number | undefined;
  /** Requests a minute, where told. */
  limit?: number | undefined;
}

/** The way of one call to its place. */
interface Way {
  /** The line it stands in; empty for calls that do not wait. */
  line: string;
  /** Counts the calls in flight. */
  places: string;
  maxConcurrency: number;
  /** Ends the asking of a slow store. */
  signal: AbortSignal | undefined;
  /** Absent: now or never. */
  wait?: BoundedWait | undefined;
}

/** The limit, or only that there is one; until when nothing passes, monotonic milliseconds. */
interface Learned {
  limit: number | undefined;
  pausedUntil: number;
}

/** When a window opens, monotonic milliseconds, and whether it is upstream's. */
interface Expected {
  at: number;
  isUpstreams: boolean;
}

const MINUTE = 60_000;
const FREE_PER_MINUTE = 20;
const MAX_WAIT_MS = 10_000;
const LESSONS_KEPT = 10_000;
/** What a call has used that was never sent. */
const NOTHING: Amounts = { tokens: 0, usd: 0 };

/** Lets calls through as fast as the limits allow, in the order in which they came. */
export class Limiter {
  readonly #clock: Clock;
  readonly #store: LimitStore;
  /** This process's own counters, which answer at once; undefined where they are elsewhere. */
  readonly #memory: MemoryLimits | undefined;
  readonly #lines = new Map<string, WaitingLine>();
  /** What 429 answers told of a counter. */
  readonly #learned = new Map<string, Learned>();
  /** What the call at the head of a line waits for. */
  readonly #expected = new Map<string, Expected>();
  readonly #corrections = new Corrections();

  constructor({ store, clock = systemClock }: { store?: LimitStore | undefined; clock?: Clock | undefined } = {}) {
    this.#clock = clock;
    this.#memory = store === undefined ? new MemoryLimits(clock) : undefined;
    this.#store = store ?? storeOf(this.#memory as MemoryLimits);
  }

  /**
   * Resolves once the call may be sent, with the function that gives its place back (idempotent).
   *
   * Throws: RateLimitError `rate_limit` where no place is free and `onLimit` is "reject", or none comes within
   * `maxWaitMs`, time that a slow store takes included; `retryAfterMs` says when the window has one; where the call may
   * use more than any window holds it has none and is not retryable. AbortedError at once when `signal` fires.
   * `provider_error` where the store fails.
   */
  async enter(call: LimitedCall): Promise<Leave> {
    if (call.signal?.aborted) throw abortedWhileWaiting(call.signal);
    if (call.limits === false) return () => {};
    const { onLimit = "wait", maxWaitMs = MAX_WAIT_MS, maxConcurrency = 0 } = call.limits ?? {};
    const entries = this.#entries(call, call.limits ?? {});
    if (entries.length === 0 && maxConcurrency <= 0) return () => {};
    const places = `places:${call.subject ?? call.key}`;
    if (onLimit === "reject")
      return this.#takePlace(entries, { line: "", places, maxConcurrency, signal: call.signal });
    const line = entries.map(({ counter }) => counter).join(" ");
    if (this.#memory !== undefined && this.#isFree(line, 1)) {
      const leave = this.#passAtOnce(this.#memory, entries, places, maxConcurrency);
      if (leave !== undefined) return leave;
    }
    const wait = new BoundedWait(this.#clock, maxWaitMs, call.signal, () => this.#reason(this.#expected.get(line)));
    try {
      // The head of the line asks the store; everybody behind it waits here, so that nobody overtakes.
      const endTurn = await this.#pass(line, line === "" ? 0 : 1, wait);
      try {
        return await this.#takePlace(entries, { line, places, maxConcurrency, signal: wait.signal, wait });
      } finally {
        endTurn();
      }
    } finally {
      wait.end();
    }
  }

  /**
   * Remembers what a 429 told: until when nothing passes, and how many requests a minute there are. One that tells the
   * limit of a free model is the account's own, for all free models together; any other is about that model alone.
   */
  async learn({ key, model, retryAfterMs, limit }: LimitLesson): Promise<void> {
    const counter = isFreeModel(model) && limit !== undefined ? `free:${key}` : `upstream:${key}:${model}`;
    const isPerMinute = retryAfterMs === undefined || retryAfterMs <= MINUTE;
    const told =
      limit !== undefined && Number.isFinite(limit) && limit >= 1 && isPerMinute ? Math.floor(limit) : undefined;
    const known = this.#learned.get(counter);
    this.#learned.delete(counter);
    const pausedUntil = Math.max(known?.pausedUntil ?? 0, this.#clock.now() + (retryAfterMs ?? 0));
    this.#learned.set(counter, { limit: told ?? known?.limit, pausedUntil });
    const oldest = this.#learned.keys().next();
    if (this.#learned.size > LESSONS_KEPT && !oldest.done) this.#learned.delete(oldest.value);
    if (retryAfterMs !== undefined && retryAfterMs > 0)
      await this.#store.block?.(counter, this.#clock.date() + retryAfterMs);
  }

  #entries(call: LimitedCall, limits: Limits): LimitEntry[] {
    const entries: LimitEntry[] = [];
    const add = (counter: string, limit: number) => {
      if (limit > 0) entries.push({ counter, limit, windowMs: MINUTE });
    };
    const { requestsPerMinute, freeRequestsPerMinute } = limits;
    const isFreeCall = call.providerName === "openrouter" && isFreeModel(call.model);
    if (requestsPerMinute !== undefined) add(`requests:${call.subject ?? call.key}`, requestsPerMinute);
    if (requestsPerMinute !== undefined || isFreeCall) {
      // A limit on one model: counted only once upstream has shown that there is one.
      const counter = `upstream:${call.key}:${call.model}`;
      if (this.#learned.has(counter)) add(counter, this.#learned.get(counter)?.limit ?? Number.MAX_SAFE_INTEGER);
    }
    if (isFreeCall) {
      const counter = `free:${call.key}`;
      const told = this.#learned.get(counter)?.limit;
      // What the user chose is only ever lowered; the default follows upstream both ways.
      const chosen = freeRequestsPerMinute;
      add(counter, chosen === undefined ? (told ?? FREE_PER_MINUTE) : Math.min(chosen, told ?? chosen));
    }
    if (hasAmounts(limits) && call.atMost !== undefined)
      entries.push(...amountEntries(limits, call.subject ?? call.key, call.atMost(), MINUTE));
    return entries;
  }

  /** The way of nearly every call: nobody is waiting and nothing is full, so nothing is made to wait with. */
  #passAtOnce(memory: MemoryLimits, entries: LimitEntry[], places: string, maxConcurrency: number): Leave | undefined {
    if (!this.#isFree(places, maxConcurrency)) return undefined;
    const answer = entries.length === 0 ? undefined : memory.take(entries);
    if (answer?.ok === false) return undefined;
    const leave = maxConcurrency > 0 ? this.#leaving(places, this.#lineOf(places).take()) : () => {};
    return this.#corrected(leave, entries, answer?.receipt);
  }

  /** Tells the store, once, what was used instead of what was taken. */
  #corrected(leave: () => void, entries: LimitEntry[], receipt: unknown): Leave {
    if (receipt === undefined || this.#store.correct === undefined) return leave;
    const counters = entries.filter(({ weight }) => weight !== undefined).map(({ counter }) => counter);
    this.#corrections.expect(counters);
    let isTold = false;
    return (used) => {
      leave();
      if (used === undefined || isTold) return;
      isTold = true;
      const told = () => this.#corrections.done(counters);
      // A store that cannot be told keeps the weights: what is free too late is on the safe side.
      (async () => this.#store.correct?.(receipt, amountWeights(entries, used)))().then(told, told);
    };
  }

  #isFree(name: string, width: number): boolean {
    return name === "" || width <= 0 || (this.#lines.get(name)?.hasPlace(width) ?? true);
  }

  async #takePlace(entries: LimitEntry[], { line, places, maxConcurrency, signal, wait }: Way): Promise<Leave> {
    for (;;) {
      const leave = await this.#pass(places, maxConcurrency, wait);
      const corrected = this.#corrections.watch(entries);
      const answer = await this.#take(entries, leave, signal, wait);
      if (answer.ok) {
        const place = this.#corrected(leave, entries, answer.receipt);
        if (!wait?.isAborted) return place;
        place(NOTHING);
        throw wait.signal.reason;
      }
      // Others may use the place while this call waits for its window.
      leave();
      const expected = this.#expect(answer, entries);
      // A call of this process that tells what it used may free room before the window does.
      const woken = corrected(answer.counter);
      if (!wait || (answer.retryAfterMs > wait.leftMs && !woken)) throw noPlace(this.#reason(expected));
      this.#expected.set(line, expected);
      try {
        await wait.sleep(answer.retryAfterMs, woken);
      } finally {
        this.#expected.delete(line);
      }
    }
  }

  #expect({ counter, retryAfterMs }: Extract<LimitAnswer, { ok: false }>, entries: LimitEntry[]): Expected {
    const now = this.#clock.now();
    const learned = this.#learned.get(counter);
    const isTold = learned?.limit !== undefined && entries.some((entry) => same(entry, counter, learned.limit));
    const isPaused = learned !== undefined && learned.pausedUntil > now;
    return { at: now + retryAfterMs, isUpstreams: counter.startsWith("upstream:") || isTold || isPaused };
  }

  #reason(expected: Expected | undefined): NoPlace {
    if (expected === undefined) return {};
    const retryAfterMs = Math.max(0, expected.at - this.#clock.now());
    return { retryAfterMs, ...(expected.isUpstreams && { upstreamUntil: this.#clock.date() + retryAfterMs }) };
  }

  async #take(
    entries: LimitEntry[],
    leave: () => void,
    signal: AbortSignal | undefined,
    wait: BoundedWait | undefined,
  ): Promise<LimitAnswer> {
    if (entries.length === 0) return { ok: true };
    let asked: Promise<LimitAnswer> | undefined;
    try {
      asked = this.#store.take(entries);
      return await beforeAbort(asked, signal, wait && (() => wait.signal.reason));
    } catch (error) {
      leave();
      // A store that is slow may let in yet who has left.
      const giveBack = (late: LimitAnswer) => late.ok && this.#corrected(leave, entries, late.receipt)(NOTHING);
      asked?.then(giveBack, () => {});
      throw storeFailed("limit", error);
    }
  }

  /** A place in a line of the given width; 0 is without bound. Without `wait` it is now or never. */
  async #pass(name: string, width: number, wait: BoundedWait | undefined): Promise<() => void> {
    if (width <= 0) return () => {};
    if (!wait && this.#lines.get(name)?.hasPlace(width) === false) throw noPlace();
    const line = this.#lineOf(name);
    try {
      return this.#leaving(name, await line.enter(width, wait?.signal));
    } catch (reason) {
      this.#forget(name, line);
      throw reason;
    }
  }

  #lineOf(name: string): WaitingLine {
    let line = this.#lines.get(name);
    if (line === undefined) {
      line = new WaitingLine();
      this.#lines.set(name, line);
    }
    return line;
  }

  #leaving(name: string, leave: () => void): () => void {
    const line = this.#lineOf(name);
    return () => {
      leave();
      this.#forget(name, line);
    };
  }

  #forget(name: string, line: WaitingLine): void {
    if (line.idle && this.#lines.get(name) === line) this.#lines.delete(name);
  }
}

const same = (entry: LimitEntry, counter: string, limit: number | undefined) =>
  entry.counter === counter && entry.limit === limit;
