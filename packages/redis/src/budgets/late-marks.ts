import type { RedisConnection } from "../connection/redis-connection.js";
import { isPassing, RedisUnavailableError } from "../connection/redis-unavailable-error.js";

/** What becomes of a reservation. */
export type Mark = "sent" | "release" | { settle: number };

interface Kept {
  readonly mark: Mark;
  /** How often Redis was there and refused it. */
  refusals: number;
}

const MOST_KEPT = 10_000;
const AT_ONCE = 100;
const AGAIN_MS = 1_000;
const MOST_REFUSALS = 10;

/**
 * Marks of reservations; those that fail are kept and made when Redis is back. Each may be made twice: the second one
 * changes nothing. A mark is kept in memory: where the process ends before Redis is back, what was sent stays counted
 * at what was set aside. So it stays where Redis itself refuses the mark ten times.
 */
export class LateMarks {
  readonly #make: (id: string, mark: Mark) => Promise<void>;
  readonly #connection: RedisConnection;
  readonly #kept = new Map<string, Kept>();
  readonly #stop: () => void;
  #retry: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;

  constructor(connection: RedisConnection, make: (id: string, mark: Mark) => Promise<void>) {
    this.#make = make;
    this.#connection = connection;
    this.#stop = connection.onReconnect(() => void this.#flush());
  }

  /** Rejects where the mark could not be made now; it is kept then, unless 10,000 are already. */
  async mark(id: string, mark: Mark): Promise<void> {
    try {
      await this.#make(id, mark);
      // A mark that is later settles what an earlier one would have.
      if (mark !== "sent") this.#kept.delete(id);
    } catch (error) {
      this.#keep(id, mark);
      throw error;
    }
  }

  /** Makes what is kept, if Redis is there. Throws RedisUnavailableError where something is lost. */
  async close(): Promise<void> {
    this.#stop();
    clearTimeout(this.#retry);
    if (!this.#connection.isAway) await this.#flush();
    clearTimeout(this.#retry);
    const { size } = this.#kept;
    this.#kept.clear();
    if (size > 0)
      throw new RedisUnavailableError(`${size} calls could not be settled: what was set aside stays counted`);
  }

  #keep(id: string, mark: Mark): void {
    const known = this.#kept.get(id);
    if (known !== undefined && mark === "sent") return;
    if (known === undefined && this.#kept.size >= MOST_KEPT) return;
    this.#kept.set(id, { mark, refusals: 0 });
    this.#later();
  }

  /** Redis may be there and refuse, as while it loads its data: nothing would tell that it is back. */
  #later(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      if (this.#connection.isAway) this.#later();
      else void this.#flush();
    }, AGAIN_MS).unref();
  }

  #flush(): Promise<void> {
    this.#flushing ??= this.#makeAll().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Each once: what is refused waits behind the others and holds none of them up. */
  async #makeAll(): Promise<void> {
    let given = 0;
    for (let left = this.#kept.size; left > 0; left -= AT_ONCE) {
      const some = [...this.#kept].slice(0, Math.min(left, AT_ONCE));
      const outcomes = await Promise.all(some.map(([id, kept]) => this.#again(id, kept)));
      given += outcomes.filter((outcome) => outcome === "given up").length;
      if (outcomes.includes("away")) break;
    }
    if (given > 0)
      process.emitWarning(`Redis refuses to settle ${given} calls, again and again: what was set aside stays counted`);
    if (this.#kept.size > 0) this.#later();
  }

  async #again(id: string, kept: Kept): Promise<"made" | "away" | "refused" | "given up"> {
    let refused = false;
    try {
      await this.#make(id, kept.mark);
    } catch (error) {
      if (isPassing(error)) return "away";
      refused = true;
    }
    if (this.#kept.get(id) !== kept) return "made";
    this.#kept.delete(id);
    if (!refused) return "made";
    kept.refusals += 1;
    if (kept.refusals === MOST_REFUSALS) return "given up";
    this.#kept.set(id, kept);
    return "refused";
  }
}
