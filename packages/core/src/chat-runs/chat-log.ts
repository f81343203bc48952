import { createError } from "../errors/error-classes.js";
import { publicEvent } from "../generate/public-event.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { Clock, Timer } from "../http/clock.js";
import { RunLease } from "../steps/run-lease.js";
import type { RunStore, StepEvent } from "../steps/step-types.js";
import { CHAT_STEP } from "./chat-run.js";
import { mergeDeltas, sizeOf } from "./merge-deltas.js";

export interface ChatLogOptions {
  store: RunStore;
  runId: string;
  owner: string | undefined;
  leaseMs: number;
  clock: Clock;
  /** Gets each event once it is kept, or once that has taken too long. */
  deliver: (event: StepEvent, size: number) => void;
  /** Somebody has asked for the end of the run. */
  onCancel: () => void;
  /** Hears, once, why nothing more is kept. Must not throw. */
  onUnkept: (error: unknown) => void;
}

/** What ends the log. */
export type ChatEnd = Pick<StepEvent, "status" | "data" | "message" | "usage" | "cost"> & { cause?: unknown };

/** While a write is under way, what arrives is merged; after so long readers are told without waiting for the store. */
const PATIENCE_MS = 250;
/** How long the store may take nothing: to begin with, with as much waiting as may wait, or with nothing more to come. */
const GIVEN_UP_AFTER_MS = 10_000;
/** How many characters may wait for the store. */
const MOST_WAITING = 1_048_576;
/** What an event takes beside its text. */
const ENVELOPE = 200;

interface Unwritten {
  event: StepEvent;
  size: number;
  isTold: boolean;
}

/** Where its marker stands among the checkpoints of a run; pipelines have theirs there too. */
const START = "run";

interface Start {
  kind: typeof CHAT_STEP;
  steps: [typeof CHAT_STEP];
  owner?: string | undefined;
}

/** True where what is kept under an id is a chat, of `owner` where one is given, and no other run of the same store. */
export function isChat(kept: Record<string, unknown> | undefined, owner: string | undefined): boolean {
  const start = kept?.[START] as Partial<Start> | undefined;
  return start?.kind === CHAT_STEP && (owner === undefined || start.owner === owner);
}

/**
 * Numbers what a generation tells, hands it on, and keeps it. A slow store gets fewer and larger events; one that is
 * away costs the run its log, never its reader a word.
 */
export class ChatLog {
  /** Resolves once others can follow; rejects with what kept the store from that. */
  readonly opened: Promise<void>;
  readonly #options: ChatLogOptions;
  #seq = 0;
  #lease: RunLease | undefined;
  #unlisten: (() => void) | undefined;
  /** Not numbered yet: the last of them may still grow. */
  #arriving: StreamEvent[] = [];
  #arrivingSize = 0;
  #isScheduled = false;
  /** Numbered, and not kept yet. */
  #unwritten: Unwritten[] = [];
  #unwrittenSize = 0;
  #isWriting = false;
  #isLate = false;
  #patience: Timer | undefined;
  #givingUp: Timer | undefined;
  #ended = false;
  #lost: { error: unknown } | undefined;
  readonly #done = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();

  constructor(options: ChatLogOptions) {
    this.#options = options;
    this.opened = this.#openInTime();
    this.opened.catch((error: unknown) => this.#lose(error));
  }

  /** False once the log has a hole. */
  get keeps(): boolean {
    return this.#lost === undefined;
  }

  /** Resolves once everything is kept and the run let go, or the log is lost. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Resolves once the store has taken enough for more to be added; undefined where it has. */
  waitForRoom(): Promise<void> | undefined {
    if (this.#lost !== undefined || this.#arrivingSize + this.#unwrittenSize <= MOST_WAITING) return undefined;
    this.#number();
    this.#giveUpLater();
    this.#room = Promise.withResolvers<void>();
    return this.#room.promise;
  }

  add(event: StreamEvent): void {
    const last = this.#arriving.at(-1);
    const merged = last && mergeDeltas(last, event);
    if (merged === undefined) this.#arriving.push(event);
    else this.#arriving[this.#arriving.length - 1] = merged;
    this.#arrivingSize += sizeOf(event);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // After everything that the same network read has brought.
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isWriting || this.#isLate || this.#lost !== undefined) this.#number();
    });
  }

  /** Adds the final event; nothing may follow. */
  end({ cause, ...end }: ChatEnd): void {
    this.#number();
    this.#ended = true;
    const event: StepEvent = { ...this.#stamp(), ...end, progress: 100, final: true };
    if (cause !== undefined) Object.defineProperty(event, "cause", { value: cause, enumerable: false });
    this.#seal(event, sizeOf(end.data as StreamEvent) + ENVELOPE);
    this.#giveUpLater();
    if (this.#lost !== undefined) this.#finish();
  }

  async #openInTime(): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = this.#options.clock.after(GIVEN_UP_AFTER_MS, () => late.reject(unresponsive()));
    try {
      await Promise.race([this.#open(), late.promise]);
    } finally {
      timer.clear();
    }
  }

  async #open(): Promise<void> {
    const { store, runId, owner, leaseMs, clock, onCancel } = this.#options;
    if ((await store.load(runId)) !== undefined) {
      throw createError("invalid_request", `the run ${runId} exists already`, { status: 409, hint: "follow it" });
    }
    const lost = (error: unknown) => this.#lose(error);
    // Leased first: a run that is known and belongs to nobody counts as interrupted.
    this.#lease = await RunLease.take(store, runId, leaseMs, clock, lost);
    const start: Start = { kind: CHAT_STEP, steps: [CHAT_STEP], owner };
    try {
      await store.checkpoint(runId, START, start, this.#lease.holder);
      this.#unlisten = store.onCancel?.(runId, onCancel);
    } finally {
      // Given up meanwhile: the run may be over already, and nobody else would let it go.
      if (this.#lost !== undefined) await this.#letGo();
    }
  }

  #stamp(): Pick<StepEvent, "runId" | "seq" | "step" | "timestamp"> {
    const timestamp = new Date(this.#options.clock.date()).toISOString();
    return { runId: this.#options.runId, seq: ++this.#seq, step: CHAT_STEP, timestamp };
  }

  /** Gives what has arrived its numbers, for the readers and for the store. */
  #number(): void {
    const arrived = this.#arriving;
    this.#arriving = [];
    this.#arrivingSize = 0;
    for (const each of arrived) {
      const data = publicEvent(each, false);
      if (data === undefined) continue;
      const status = this.#seq === 0 ? "started" : "processing";
      this.#seal({ ...this.#stamp(), status, data, message: "", progress: 0 }, sizeOf(each) + ENVELOPE);
    }
  }

  #seal(event: StepEvent, size: number): void {
    const sealed: Unwritten = { event, size, isTold: false };
    if (this.#lost !== undefined) {
      this.#tell(sealed);
      return;
    }
    this.#unwritten.push(sealed);
    this.#unwrittenSize += size;
    if (this.#isLate) this.#tell(sealed);
    if (!this.#isWriting) void this.#write();
  }

  #tell(sealed: Unwritten): void {
    if (sealed.isTold) return;
    sealed.isTold = true;
    this.#options.deliver(sealed.event, sealed.size);
  }

  async #write(): Promise<void> {
    const { store, runId, clock } = this.#options;
    this.#isWriting = true;
    try {
      for (let next = this.#unwritten[0]; next !== undefined; next = this.#unwritten[0]) {
        this.#patience = clock.after(PATIENCE_MS, () => this.#impatient());
        await this.opened;
        await store.append(runId, next.event, this.#lease?.holder);
        this.#patience.clear();
        this.#isLate = false;
        // The log may have been given up while the store took this one.
        if (this.#lost !== undefined) return;
        this.#unwritten.shift();
        this.#tell(next);
        this.#unwrittenSize -= next.size;
        this.#givingUp?.clear();
        this.#givingUp = undefined;
        if (this.#unwrittenSize <= MOST_WAITING) this.#room.resolve();
        else this.#giveUpLater();
        if (this.#unwritten.length === 0) this.#number();
      }
    } catch (error) {
      this.#lose(error);
    } finally {
      this.#patience?.clear();
      this.#isWriting = false;
    }
    if (this.#ended) this.#finish();
  }

  #impatient(): void {
    this.#isLate = true;
    for (const each of this.#unwritten) this.#tell(each);
    this.#number();
  }

  #giveUpLater(): void {
    if (this.#unwritten.length === 0 || this.#lost !== undefined) return;
    this.#givingUp ??= this.#options.clock.after(GIVEN_UP_AFTER_MS, () => this.#lose(unresponsive()));
  }

  #lose(error: unknown): void {
    if (this.#lost !== undefined) return;
    this.#lost = { error };
    for (const each of this.#unwritten) this.#tell(each);
    this.#unwritten = [];
    this.#unwrittenSize = 0;
    this.#room.resolve();
    this.#options.onUnkept(error);
    if (this.#ended) this.#finish();
    else this.add({ type: "warning", warning: UNKEPT });
  }

  #finish(): void {
    this.#givingUp?.clear();
    const letGo = this.#letGo();
    // A store that hangs is waited for by nobody.
    if (this.#lost !== undefined) this.#done.resolve();
    else void letGo.then(this.#done.resolve);
  }

  async #letGo(): Promise<void> {
    this.#unlisten?.();
    this.#unlisten = undefined;
    await this.#lease?.release();
  }
}

function unresponsive(): Error {
  return createError("provider_error", `the store has taken nothing for ${GIVEN_UP_AFTER_MS} ms`, { status: 503 });
}

const UNKEPT = {
  code: "run_not_kept",
  message: "the store does not keep this answer any more: it cannot be followed or resumed",
};
