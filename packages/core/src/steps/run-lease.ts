import { createError } from "../errors/error-classes.js";
import type { Clock, Timer } from "../http/clock.js";
import type { RunStore } from "./step-types.js";

/** Runs of this process: stores that do not tell holders apart would let it run one twice. */
const here = new WeakMap<RunStore, Set<string>>();

/** The right to run one run, renewed until it is released. */
export class RunLease {
  readonly #store: RunStore;
  readonly #runId: string;
  readonly #ms: number;
  readonly #clock: Clock;
  readonly #onLost: (error: unknown) => void;
  readonly #holder = crypto.randomUUID();
  #until = 0;
  #timer: Timer | undefined;
  #released = false;

  private constructor(store: RunStore, runId: string, ms: number, clock: Clock, onLost: (error: unknown) => void) {
    this.#store = store;
    this.#runId = runId;
    this.#ms = ms;
    this.#clock = clock;
    this.#onLost = onLost;
  }

  /**
   * Takes the right for `ms` at a time; `onLost` is told when it could not be renewed in time.
   *
   * @throws InvalidRequestError `invalid_request` (status 409) while another holder has it
   */
  static async take(
    store: RunStore,
    runId: string,
    ms: number,
    clock: Clock,
    onLost: (error: unknown) => void,
  ): Promise<RunLease> {
    const running = here.get(store) ?? new Set();
    here.set(store, running);
    if (running.has(runId)) throw taken(runId);
    running.add(runId);
    const lease = new RunLease(store, runId, ms, clock, onLost);
    try {
      if (!(await lease.#ask())) throw taken(runId);
    } catch (error) {
      running.delete(runId);
      throw error;
    }
    lease.#arm();
    return lease;
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#timer?.clear();
    here.get(this.#store)?.delete(this.#runId);
    try {
      await this.#store.lease(this.#runId, 0, this.#holder);
    } catch {
      // It runs out by itself; how the run ended counts for more.
    }
  }

  async #ask(): Promise<boolean> {
    const asked = this.#clock.now();
    const given = await this.#store.lease(this.#runId, this.#ms, this.#holder);
    if (given) this.#until = asked + this.#ms;
    return given;
  }

  #arm(): void {
    this.#timer = this.#clock.after(this.#ms / 3, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    try {
      if (!(await this.#ask())) return this.#lose(taken(this.#runId));
    } catch (error) {
      // A store that is away for a moment costs nothing as long as the lease runs.
      if (this.#clock.now() >= this.#until) return this.#lose(error);
    }
    if (!this.#released) this.#arm();
  }

  #lose(error: unknown): void {
    if (!this.#released) this.#onLost(error);
  }
}

function taken(runId: string): Error {
  return createError("invalid_request", `the run ${runId} is already being run`, {
    status: 409,
    hint: "follow it, or wait for it",
  });
}
