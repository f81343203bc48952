import { createError } from "../errors/error-classes.js";
import { abortError } from "./call-signal.js";
import type { EventSource } from "./event-source.js";
import type { GenerateResult } from "./generate-result.js";
import type { StreamEvent } from "./stream-event.js";

/** The most events a fast branch may run ahead of the slowest one. */
const MOST_AHEAD = 1_024;

interface Trunk {
  /** Takes the stream's one reader. */
  claim(): void;
  next(): Promise<StreamEvent[] | undefined>;
  result(): GenerateResult | undefined;
  abort(reason: unknown): void;
}

/**
 * Splits one stream into branches that each see everything. A branch that runs ahead waits for the slowest;
 * a branch that leaves, as one that nobody reads does after its idle time, no longer counts, and the last one to
 * leave closes the stream.
 */
export function splitSource(trunk: Trunk, count: number): EventSource[] {
  if (!Number.isInteger(count) || count < 1)
    throw createError("invalid_request", "`tee` takes a whole number of 1 or more");
  trunk.claim();
  const hub = new Hub(trunk);
  return Array.from({ length: count }, () => hub.branch());
}

class Hub {
  readonly #trunk: Trunk;
  readonly #branches = new Set<Branch>();
  #pull: Promise<void> | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  end: { error?: unknown } | undefined;

  constructor(trunk: Trunk) {
    this.#trunk = trunk;
  }

  branch(): Branch {
    const branch = new Branch(this);
    this.#branches.add(branch);
    return branch;
  }

  get result(): GenerateResult | undefined {
    return this.#trunk.result();
  }

  leave(branch: Branch, reason: unknown): void {
    if (!this.#branches.delete(branch)) return;
    if (this.#branches.size === 0) this.#trunk.abort(reason);
    this.madeRoom();
  }

  madeRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** Fetches one batch for everybody; several branches may wait for the same one. */
  fetch(): Promise<void> {
    this.#pull ??= this.#fetch().finally(() => {
      this.#pull = undefined;
    });
    return this.#pull;
  }

  async #fetch(): Promise<void> {
    while ([...this.#branches].some((branch) => branch.ahead > MOST_AHEAD)) {
      this.#room ??= Promise.withResolvers<void>();
      await this.#room.promise;
    }
    try {
      const batch = await this.#trunk.next();
      if (batch === undefined) this.end = {};
      else for (const branch of this.#branches) branch.put(batch);
    } catch (error) {
      this.end = { error };
    }
  }
}

class Branch implements EventSource {
  readonly #hub: Hub;
  #queue: StreamEvent[][] = [];
  #left: { reason: unknown } | undefined;
  ahead = 0;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get result(): GenerateResult | undefined {
    return this.#hub.result;
  }

  put(batch: StreamEvent[]): void {
    this.#queue.push(batch);
    this.ahead += batch.length;
  }

  async next(): Promise<StreamEvent[] | undefined> {
    for (;;) {
      if (this.#left) throw abortError(this.#left);
      const batch = this.#queue.shift();
      if (batch !== undefined) {
        this.ahead -= batch.length;
        this.#hub.madeRoom();
        // The trunk's own finish is dropped: each branch ends with its own.
        const events = batch.filter((event) => event.type !== "finish");
        if (events.length > 0) return events;
        continue;
      }
      if (this.#hub.end) {
        if ("error" in this.#hub.end) throw this.#hub.end.error;
        return undefined;
      }
      await this.#hub.fetch();
    }
  }

  abort(reason: unknown): void {
    if (this.#left) return;
    this.#left = { reason };
    this.#hub.leave(this, reason);
  }
}
