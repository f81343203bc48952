import { AbortedError, type LLM, type RunStore, type StepEvent, type StepFailure } from "@signalbox/core";
import { isClosing, isHopeless, putBack, unrecoverable } from "./job-failure.js";
import { JobProgress } from "./job-progress.js";
import { jobRunStore } from "./job-run-store.js";
import type { JobSignal, RunJob, RunJobResult } from "./queue-shapes.js";
import { letGo, park, type TakenRun, type Taker, takeFromQueue } from "./waiting-run.js";

/** A run under way. */
export interface ExecutedRun extends AsyncIterable<StepEvent> {
  abort(reason: unknown): void;
}

/** What an attempt gives to whatever executes its run. */
export interface RunPlan extends TakenRun {
  runId: string;
  llm: LLM;
  /** Writes as this attempt, and is refused once another worker has the job. */
  store: RunStore;
  leaseMs: number;
  /** What the user's own function gives; rejects at once when the attempt is to end, as nobody waits for what hangs. */
  ask<T>(question: () => T | Promise<T>): Promise<T>;
}

export interface AttemptSettings {
  store: RunStore;
  leaseMs: number;
  waitMs: number;
  keepResult: boolean;
  /** "all": an attempt that failed is told before the next one. "untold": it is repeated where nothing was told of it. */
  repeats: "all" | "untold";
  mayGoOn: Taker["mayGoOn"];
  execute: (plan: RunPlan) => ExecutedRun | Promise<ExecutedRun>;
  onFault: (error: unknown, step?: string) => void;
}

/** How long a job waits whose run somebody else executes. */
const BUSY_MS = 5_000;
/** How long a job waits that a worker gets while it goes. */
const GOING_MS = 1_000;

/** How an attempt ended; all but "waits" are the run's end. */
type Verdict = "completed" | "stopped" | "failed" | "waits";

/** One attempt of a job: executes its run, from where the attempts before it left it. */
export class JobAttempt {
  readonly #job: RunJob;
  readonly #runId: string;
  readonly #token: string | undefined;
  readonly #settings: AttemptSettings;
  readonly #holder: string = crypto.randomUUID();
  #run: ExecutedRun | undefined;
  /** What the run was enqueued with. */
  #input: TakenRun["input"];
  /** Why the attempt, not the run, is to end: the worker goes, or BullMQ has taken the job away. */
  #left: "worker" | "job" | undefined;
  readonly #leaving = Promise.withResolvers<never>();
  /** What becomes of the job is decided, and may have been told. */
  #isDecided = false;
  #last: StepEvent | undefined;
  /** Those who follow have an event of this attempt. */
  #told = false;

  constructor(job: RunJob, runId: string, token: string | undefined, settings: AttemptSettings) {
    this.#job = job;
    this.#runId = runId;
    this.#token = token;
    this.#settings = settings;
    // Heard by who asks a function, and by nobody where none is asked.
    this.#leaving.promise.catch(() => {});
  }

  /** Gives the run up; the job goes back to the queue, and another worker goes on. */
  giveUp(): void {
    this.#leave("worker", "the worker is shutting down");
  }

  /**
   * Resolves with what the job returns once the run is complete.
   *
   * @throws what BullMQ is to make of the job: its next attempt, its end, or nothing as it was put back
   */
  async work(llm: () => Promise<LLM>, signal: JobSignal | undefined): Promise<RunJobResult> {
    if (this.#left !== undefined) return this.#postpone(GOING_MS);
    const taken = await this.#take();
    if (taken === undefined) return this.#postpone(BUSY_MS);
    const onAbort = () => this.#leave("job", signal?.reason);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    let failure: { error: unknown } | undefined;
    try {
      await this.#execute(await this.#ask(llm), taken);
    } catch (error) {
      failure = { error };
      if (!this.#last?.final) this.#settings.onFault(error);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    return this.#conclude(failure);
  }

  async #take(): Promise<TakenRun | undefined> {
    const { store, leaseMs: ms, mayGoOn, onFault } = this.#settings;
    const job = `${this.#job.queueQualifiedName}:${this.#job.id}`;
    try {
      const taken = await takeFromQueue(store, this.#runId, { holder: this.#holder, job, ms, mayGoOn });
      this.#input = taken?.input;
      return taken;
    } catch (error) {
      onFault(error);
      throw isHopeless(error) ? unrecoverable(error) : error;
    }
  }

  #ask<T>(question: () => T | Promise<T>): Promise<T> {
    return Promise.race([Promise.resolve().then(question), this.#leaving.promise]);
  }

  async #execute(llm: LLM, taken: TakenRun): Promise<void> {
    const { store, leaseMs, execute, onFault, repeats } = this.#settings;
    const progress = new JobProgress(this.#job, onFault);
    const own = jobRunStore(store, {
      holder: this.#holder,
      goesOn: (event) => this.#decide(event),
      repeats,
      onTold: () => {
        this.#told = true;
      },
    });
    const ask: RunPlan["ask"] = (question) => this.#ask(question);
    this.#run = await execute({ runId: this.#runId, llm, store: own, leaseMs, ask, ...taken });
    // It may have been given up while it was being made.
    if (this.#left !== undefined) this.#run.abort(this.#left);
    try {
      for await (const event of this.#run) {
        this.#last = event;
        progress.tell(event.progress);
        if (event.cause !== undefined) onFault(event.cause, event.step);
      }
      // A run that had ended before tells nothing.
      this.#last ??= (await store.read(this.#runId, 0)).at(-1);
    } finally {
      await progress.settled();
    }
  }

  async #conclude(failure: { error: unknown } | undefined): Promise<RunJobResult> {
    const verdict = this.#verdict(failure?.error);
    this.#isDecided = true;
    await this.#letGo(verdict === "waits");
    if (verdict === "completed") return this.#result();
    const error = this.#cause ?? failure?.error ?? new Error("the run has no end");
    if (verdict === "stopped") throw unrecoverable(error);
    // Without attempts left BullMQ ends the job by itself.
    if (verdict === "failed") throw this.#hasAttempts || isHopeless(error) ? unrecoverable(error) : error;
    if (this.#left === "worker") return this.#postpone(isClosing(error) ? GOING_MS : 0);
    this.#waitAsTold(error);
    throw error;
  }

  #result(): RunJobResult {
    const { status, data } = this.#last as StepEvent;
    const keeps = this.#settings.keepResult && status === "completed";
    return { runId: this.#runId, ...(keeps ? { result: data } : {}) };
  }

  /** What ended the run; a step that was passed over did not. */
  get #cause(): unknown {
    return this.#last?.final && this.#last.cause;
  }

  #verdict(failure: unknown): Verdict {
    const last = this.#last;
    if (last?.final) {
      if (isComplete(last)) return "completed";
      if (this.#goesOn(last)) return "waits";
      return this.#isStop(last) ? "stopped" : "failed";
    }
    // No end was told: the log could not be written, the run is somebody else's, or the job makes no sense.
    if (this.#left === "worker") return "waits";
    return this.#hasAttempts && !isHopeless(failure) ? "waits" : "failed";
  }

  /** As `#goesOn()`, and stays so: those who follow are told, and a worker that goes now must not change it. */
  #decide(event: StepEvent): boolean {
    const goesOn = this.#goesOn(event);
    this.#isDecided = !this.#isTrace(event);
    return goesOn;
  }

  /** True for what was written in place of an attempt before this one, whose process is gone. */
  #isTrace(event: StepEvent): boolean {
    return this.#last === undefined && codeOf(event) === "interrupted";
  }

  /** True where another attempt follows the one that ends with this event. */
  #goesOn(event: StepEvent): boolean {
    const isUnrepeatable = this.#settings.repeats === "untold" && this.#told;
    if (isComplete(event) || isUnrepeatable) return false;
    if (isClosing(event.cause)) this.#left ??= "worker";
    if (this.#isTrace(event)) return true;
    if (this.#left === "worker") return true;
    return this.#hasAttempts && !isHopeless(event.cause) && !this.#isStop(event);
  }

  /** A run that was stopped: by request, not because this attempt was taken away. */
  #isStop({ cause }: StepEvent): boolean {
    if (this.#left !== undefined) return false;
    // A pipeline has no failure behind its stop, only steps that failed have; a generation fails with it.
    return this.#settings.repeats === "all" ? cause === undefined : AbortedError.is(cause);
  }

  get #hasAttempts(): boolean {
    return this.#job.attemptsMade + 1 < (this.#job.opts.attempts ?? 1);
  }

  #leave(why: "worker" | "job", reason: unknown): void {
    if (this.#isDecided) return;
    this.#left ??= why;
    this.#leaving.reject(new AbortedError("aborted", "the attempt was given up"));
    this.#run?.abort(reason);
  }

  /** A run that goes on stays taken until the next attempt: nobody is to call it interrupted. */
  async #letGo(waits: boolean): Promise<void> {
    const { store, waitMs, onFault } = this.#settings;
    try {
      if (waits) await park(store, this.#runId, { holder: this.#holder, waitMs, input: this.#input });
      // A run that has told nothing has not ended: retried by hand, its job begins it with what it was enqueued with.
      else if (this.#last === undefined) await store.lease(this.#runId, 0, this.#holder);
      else await letGo(store, this.#runId, this.#holder);
    } catch (error) {
      // The lease runs out by itself; what becomes of the job counts for more.
      onFault(error);
    }
  }

  /** The provider's own word on when to come again, for this attempt, counts for more than the job's backoff. */
  #waitAsTold(error: unknown): void {
    const delay = (error as { retryAfterMs?: unknown } | null)?.retryAfterMs;
    if (typeof delay === "number" && delay > 0) this.#job.opts.backoff = { type: "fixed", delay: Math.ceil(delay) };
  }

  /** Puts the job back without counting an attempt. */
  async #postpone(ms: number): Promise<never> {
    await this.#job.moveToDelayed(Date.now() + ms, this.#token);
    throw putBack();
  }
}

function codeOf({ data }: StepEvent): string | undefined {
  return (data as Partial<StepFailure> | null)?.code;
}

/** Also where the last step was optional and has failed. */
function isComplete({ status, data }: StepEvent): boolean {
  return status === "completed" || (data as Partial<StepFailure> | null)?.optional === true;
}
