/**
 * What is used of a job of BullMQ. The `Job` of BullMQ 5 and 6 has it; nothing of BullMQ is imported.
 */
export interface RunJob {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: unknown;
  /** `backoff` is replaced for one attempt where the provider said how long to wait. */
  readonly opts: { readonly attempts?: number | undefined; backoff?: unknown };
  readonly attemptsMade: number;
  /** When it was added, in milliseconds. */
  readonly timestamp: number;
  readonly queueQualifiedName: string;
  updateProgress(progress: number): Promise<unknown>;
  moveToDelayed(timestamp: number, token?: string): Promise<unknown>;
}

/** What is used of a queue of BullMQ; its `Queue` has it. */
export interface RunQueue {
  readonly name: string;
  add(name: string, data: RunJobData, options?: { jobId?: string }): Promise<unknown>;
}

/** What a job of ours carries: never the input where that is kept in the run log. */
export interface RunJobData {
  /** The run that the job executes. @default made of the job's queue, id and time of birth */
  runId?: string | undefined;
  /** What the run is begun with, for jobs that were added by hand. */
  input?: unknown;
}

/** What a job leaves as its return value. */
export interface RunJobResult {
  runId: string;
  /** The run's last result, with `keepResult`. */
  result?: unknown;
}

/** The signal that BullMQ gives; it need not be the platform's own class. */
export interface JobSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
