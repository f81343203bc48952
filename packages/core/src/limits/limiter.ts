import { type Clock, systemClock } from "../http/clock.js";
import { abortedWhileWaiting, beforeAbort } from "./before-abort.js";
import { BoundedWait } from "./bounded-wait.js";
import { Corrections } from "./corrections.js";
import { counterNames } from "./counter-names.js";
import { Lessons, type LimitLesson } from "./lessons.js";
import { limitEntries } from "./limit-entries.js";
import type { LimitAnswer, LimitEntry, LimitStore } from "./limit-store.js";
import { type Amounts, amountWeights } from "./limited-amounts.js";
import type { LimitedCall } from "./limited-call.js";
import { MemoryLimits, storeOf } from "./memory-limit-store.js";
import { type NoPlace, noPlace } from "./no-place.js";
import { storeFailed } from "./store-failure.js";
import { WaitingLines } from "./waiting-lines.js";

/**
 * Gives a place back, which counts once. What the attempt really used is told whenever it is known: then, later, or
 * never; it counts instead of what was reckoned with.
 */
export type Leave = (used?: Amounts) => void;

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

/** When a window opens, monotonic milliseconds, and whether it is upstream's. */
interface Expected {
  at: number;
  isUpstreams: boolean;
}

const MAX_WAIT_MS = 10_000;
/** What a call has used that was never sent. */
const NOTHING: Amounts = { tokens: 0, usd: 0 };

/** Lets calls through as fast as the limits allow, in the order in which they came. */
export class Limiter {
  readonly #clock: Clock;
  readonly #store: LimitStore;
  /** This process's own counters, which answer at once; undefined where they are elsewhere. */
  readonly #memory: MemoryLimits | undefined;
  readonly #lines = new WaitingLines();
  readonly #lessons: Lessons;
  /** What the call at the head of a line waits for. */
  readonly #expected = new Map<string, Expected>();
  readonly #corrections = new Corrections();
  /** Of the latest call: often the next is of the same subject. */
  #names = counterNames("");

  constructor({ store, clock = systemClock }: { store?: LimitStore | undefined; clock?: Clock | undefined } = {}) {
    this.#clock = clock;
    this.#lessons = new Lessons(clock);
    this.#memory = store === undefined ? new MemoryLimits(clock) : undefined;
    this.#store = store ?? storeOf(this.#memory as MemoryLimits);
  }

  /**
   * Gives, once the call may be sent, the function that gives its place back (idempotent): at once where nobody has to
   * wait and the counters are in memory.
   *
   * Throws, or rejects with: RateLimitError `rate_limit` where no place is free and `onLimit` is "reject", or none comes
   * within `maxWaitMs`, time that a slow store takes included; `retryAfterMs` says when the window has one; where the
   * call may use more than any window holds it has none and is not retryable. AbortedError at once when `signal` fires.
   * `provider_error` where the store fails.
   */
  enter(call: LimitedCall): Leave | Promise<Leave> {
    if (call.signal?.aborted) throw abortedWhileWaiting(call.signal);
    if (call.limits === false) return () => {};
    const { maxConcurrency = 0 } = call.limits ?? {};
    const subject = call.subject ?? call.key;
    if (this.#names.subject !== subject) this.#names = counterNames(subject);
    const { places } = this.#names;
    const entries = limitEntries(call, call.limits ?? {}, this.#names, this.#lessons);
    if (entries.length === 0 && maxConcurrency <= 0) return () => {};
    const line = lineOf(entries);
    if (this.#memory !== undefined && this.#isFree(line, 1)) {
      const leave = this.#passAtOnce(this.#memory, entries, places, maxConcurrency);
      if (leave !== undefined) return leave;
    }
    return this.#wait(call, entries, line, places, maxConcurrency);
  }

  async #wait(
    { signal, limits }: LimitedCall,
    entries: LimitEntry[],
    line: string,
    places: string,
    maxConcurrency: number,
  ): Promise<Leave> {
    const { onLimit = "wait", maxWaitMs = MAX_WAIT_MS } = limits || {};
    if (onLimit === "reject") return this.#takePlace(entries, { line: "", places, maxConcurrency, signal });
    const wait = new BoundedWait(this.#clock, maxWaitMs, signal, () => this.#reason(this.#expected.get(line)));
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

  /** Remembers what a 429 told: nothing passes for so long, and no more than so many requests a minute. */
  async learn(lesson: LimitLesson): Promise<void> {
    const counter = this.#lessons.add(lesson);
    const { retryAfterMs = 0 } = lesson;
    if (retryAfterMs > 0) await this.#store.block?.(counter, this.#clock.date() + retryAfterMs);
  }

  /** The way of nearly every call: nobody is waiting and nothing is full, so nothing is made to wait with. */
  #passAtOnce(memory: MemoryLimits, entries: LimitEntry[], places: string, maxConcurrency: number): Leave | undefined {
    if (!this.#isFree(places, maxConcurrency)) return undefined;
    const answer = entries.length === 0 ? undefined : memory.take(entries);
    if (answer?.ok === false) return undefined;
    const leave = maxConcurrency > 0 ? this.#lines.take(places) : () => {};
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
    return name === "" || width <= 0 || this.#lines.hasPlace(name, width);
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
    const learned = this.#lessons.get(counter);
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
    if (!wait && !this.#lines.hasPlace(name, width)) throw noPlace();
    return this.#lines.enter(name, width, wait?.signal);
  }
}

const lineOf = (entries: readonly LimitEntry[]) =>
  entries.length === 1 ? (entries[0] as LimitEntry).counter : entries.map(({ counter }) => counter).join(" ");

const same = (entry: LimitEntry, counter: string, limit: number | undefined) =>
  entry.counter === counter && entry.limit === limit;
