import type { LLM } from "../client/llm.js";
import type { Cost, Usage } from "../usage/usage.js";

/** Where a step is: begun, with something to tell, done, or failed. */
export type StepStatus = "started" | "processing" | "completed" | "error";

/** What happened in a run; the payload keys are the original guide's, plus `runId`, `seq`, `usage`, `cost`, `final`. */
export interface StepEvent {
  runId: string;
  /** 1 for the first event of a run, without gaps. */
  seq: number;
  step: string;
  status: StepStatus;
  /** The step's result on `completed`, a {@link StepFailure} on `error`. */
  data: unknown;
  message: string;
  /** 0 to 100, never falls. */
  progress: number;
  /** ISO 8601. */
  timestamp: string;
  /** On `completed` and `error`: what the step's calls took since it was started. */
  usage?: Omit<Usage, "raw"> | undefined;
  /** On `completed` and `error`: what the step's calls cost since it was started. */
  cost?: Cost | undefined;
  /** Nothing follows unless the run is resumed. */
  final?: true | undefined;
  /** What was thrown, on `error`; not enumerable, and only in the process that ran the step. */
  cause?: unknown;
}

/** `data` of an `error` event: nothing that its readers may not see. */
export interface StepFailure {
  completedSteps: string[];
  /** Where a resumed run goes on; null when nothing is left. */
  nextStep: string | null;
  retryable: boolean;
  /** A code of the error table, or `interrupted`: the process that executed the run is gone. */
  code: string;
  message: string;
  retryAfterMs?: number | undefined;
  hint?: string | undefined;
  generationId?: string | undefined;
  /** The step was optional: the run goes on without it. */
  optional?: true | undefined;
}

/** Where runs are kept. Every method may be called from another process than the one that runs. */
export interface RunStore {
  /**
   * Adds an event behind those of the run; rejects where it could not be kept. A store should refuse a `seq` that is
   * taken by another event, so that two writers never go unnoticed.
   *
   * @param holder - who writes: refused once another holder has leased the run; without it nobody is asked
   */
  append(runId: string, event: StepEvent, holder?: string): Promise<void>;
  /** The events behind `afterSeq` (0 = all), in order. */
  read(runId: string, afterSeq: number): Promise<StepEvent[]>;
  /**
   * Keeps `data` under `key`; the last write wins.
   *
   * @param holder - as for `append`
   */
  checkpoint(runId: string, key: string, data: unknown, holder?: string): Promise<void>;
  /** Everything kept by `checkpoint`; undefined for an unknown run. */
  load(runId: string): Promise<Record<string, unknown> | undefined>;
  /**
   * Takes or renews the right to run it for `ms`; false while another holder has it, and to renew what another one has
   * had since; 0 gives it back.
   *
   * @param holder - who asks; without it the store itself is the holder
   */
  lease(runId: string, ms: number, holder?: string): Promise<boolean>;
  /** Asks whoever executes the run, in any process, to stop. Kept until the run is leased anew after its end. */
  cancel?(runId: string): Promise<void>;
  /** Calls `listener` once when the run was or is asked to stop, until the function it returns is called. */
  onCancel?(runId: string, listener: () => void): () => void;
  /**
   * Calls `listener` after each append, and whenever one may have gone unheard, until the function it returns is
   * called; stores without it are polled.
   */
  subscribe?(runId: string, listener: () => void): () => void;
}

/** What a step's function may use. */
export interface StepContext<Input = unknown> {
  readonly input: Input;
  readonly runId: string;
  /** Its calls are metered to this step and aborted with `signal`; what goes through its `fetch` is aborted only. */
  readonly llm: LLM;
  /** Aborts with the run, and once the step has failed and its items have ended. */
  readonly signal: AbortSignal;
  /** Results of the steps before, by name; a skipped step is absent. */
  readonly results: Readonly<Record<string, unknown>>;
  /** Emits a `processing` event; `fraction` (0–1) moves the progress within the step's band. */
  progress(update: { data?: unknown; message?: string | undefined; fraction?: number | undefined }): void;
  /** Runs `make` once per run and key: on resume the kept value comes back and `make` is not called. */
  item<T>(key: string, make: () => Promise<T>): Promise<T>;
}
