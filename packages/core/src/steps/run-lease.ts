import { createError } from "../errors/error-classes.js";
import type { Clock, Timer } from "../http/clock.js";
import { pause } from "../http/pause.js";
import type { RunStore } from "./step-types.js";

/** Runs of this process: stores that do not tell holders apart would let it run one twice. */
const here = new WeakMap<RunStore, Set<string>>();

/** A run tells its end before it is let go: whoever hears of it and takes it is not to be refused. */
const LETTING_GO = { forMs: 2_000, askEveryMs: 20 };

/** Whoever follows a run without a process holds it while it writes that the run was interrupted. */
const CLOSING_MS = 100;

/** The right to run one run, renewed until it is released. */
export class RunLease {
  readonly #store: RunStore;
  readonly #runId: string;
  readonly #ms: number;
  readonly #clock: Clock;
  readonly #onLost: (error: unknown) => void;
  /** Who it belongs to, for the store. */
  readonly holder: string = crypto.randomUUID();
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
    const asked = clock.now();
    for (;;) {
      const lease = await RunLease.tryTake(store, runId, ms, clock, onLost);
      if (lease !== undefined) return lease;
      const last = (await store.read(runId, 0)).at(-1);
      const patienceMs = last?.final ? LETTING_GO.forMs : CLOSING_MS;
      if (last === undefined || clock.now() >= asked + patienceMs) throw taken(runId);
      await pause(LETTING_GO.askEveryMs, clock);
    }
  }

  /** As `take`, but undefined at once while another holder has it. */
  static async tryTake(
    store: RunStore,
    runId: string,
    ms: number,
    clock: Clock,
    onLost: (error: unknown) => void,
  ): Promise<RunLease | undefined> {
    const running = here.get(store) ?? new Set();
    here.set(store, running);
    if (running.has(runId)) return undefined;
    running.add(runId);
    const lease = new RunLease(store, runId, ms, clock, onLost);
    try {
      if (await lease.#ask()) {
        lease.#arm();
        return lease;
      }
    } catch (error) {
      running.delete(runId);
      throw error;
    }
    running.delete(runId);
    return undefined;
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#timer?.clear();
    here.get(this.#store)?.delete(this.#runId);
    try {
      await this.#store.lease(this.#runId, 0, this.holder);
    } catch {
      // It runs out by itself; how the run ended counts for more.
    }
  }

  async #ask(): Promise<boolean> {
    const asked = this.#clock.now();
    const given = await this.#store.lease(this.#runId, this.#ms, this.holder);
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
