import type { Clock } from "../http/clock.js";
import { isInterrupted } from "./step-failure.js";
import type { RunStore, StepEvent, StepStatus } from "./step-types.js";

/** What an event says; the log adds the rest. */
export interface LogEntry {
  step: string;
  status: StepStatus;
  data?: unknown;
  message: string;
  /** @default where the run is */
  progress?: number | undefined;
  usage?: StepEvent["usage"];
  cost?: StepEvent["cost"];
  final?: true | undefined;
  cause?: unknown;
}

export interface RunLogOptions {
  store: RunStore;
  runId: string;
  /** Who has leased the run. */
  holder?: string | undefined;
  clock: Clock;
  /** The events the run has already. */
  before: readonly StepEvent[];
  /** Gets each event once it is kept. */
  deliver: (event: StepEvent) => void;
  /** Hears why an event could not be kept; no later one will be. */
  onFailure: (error: unknown) => void;
}

/** Numbers the events of a run, keeps them in order in the store and hands each on once it is kept. */
export class RunLog {
  readonly #store: RunStore;
  readonly #runId: string;
  readonly #holder: string | undefined;
  readonly #clock: Clock;
  readonly #deliver: (event: StepEvent) => void;
  readonly #onFailure: (error: unknown) => void;
  #seq: number;
  #progress: number;
  #closed: boolean;
  #written: Promise<void> = Promise.resolve();

  constructor({ store, runId, holder, clock, before, deliver, onFailure }: RunLogOptions) {
    this.#store = store;
    this.#runId = runId;
    this.#holder = holder;
    this.#clock = clock;
    this.#deliver = deliver;
    this.#onFailure = onFailure;
    const last = before.at(-1);
    this.#seq = last?.seq ?? 0;
    this.#progress = last?.progress ?? 0;
    this.#closed = last?.final === true && !isInterrupted(last);
  }

  /** True where the last event is the run's own end. */
  get closed(): boolean {
    return this.#closed;
  }

  add({ step, status, data = null, message, progress = 0, usage, cost, final, cause }: LogEntry): void {
    this.#progress = Math.max(this.#progress, Math.round(progress * 10) / 10);
    const event: StepEvent = {
      runId: this.#runId,
      seq: ++this.#seq,
      step,
      status,
      data,
      message,
      progress: this.#progress,
      timestamp: new Date(this.#clock.date()).toISOString(),
      ...(usage === undefined ? {} : { usage }),
      ...(cost === undefined ? {} : { cost }),
      ...(final === undefined ? {} : { final }),
    };
    this.#closed = final ?? false;
    if (cause !== undefined) Object.defineProperty(event, "cause", { value: cause, enumerable: false });
    this.#written = this.#written.then(async () => {
      await this.#store.append(this.#runId, event, this.#holder);
      this.#deliver(event);
    });
    this.#written.catch(this.#onFailure);
  }

  /** Everything added so far is kept. Rejects with the failure of the store. */
  get written(): Promise<void> {
    return this.#written;
  }
}
