import type { GenerateResult } from "../generate/generate-result.js";
import type { PublicResult } from "../generate/public-event.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { Clock } from "../http/clock.js";
import type { RunStore, StepEvent } from "../steps/step-types.js";

/** `step` of every event of a chat run. */
export const CHAT_STEP = "chat";

/**
 * What `data` of a chat run's event is before its final one, and of the final one of an answer that came to its end.
 * Several deltas of one kind may have become one.
 */
export type ChatRunData =
  | Exclude<StreamEvent, { type: "finish" | "keep-alive" }>
  | { type: "finish"; result: PublicResult };

/** A chat run for one reader; `pipeStream` writes it in any format, numbered. */
export interface ChatRunEvents extends AsyncIterable<StepEvent> {
  readonly runId: string;
  /** The reader has the events up to this one. */
  readonly after: number;
  /** The same from the first event on, for formats that make no sense from the middle. */
  fromStart(): AsyncIterable<StepEvent>;
  /** Ends this reading, never the run; the loop throws `aborted`. */
  abort(reason?: unknown): void;
}

/** Where and how a chat run is kept. */
export interface ChatRunOptions {
  /** Where the run is kept, for this and other processes to follow. @default in memory, for this run alone */
  store?: RunStore | undefined;
  /** The id of the run; it must not exist. @default 128 random bits in hexadecimal */
  runId?: string | undefined;
  /** Whose run it is; kept with it, so that any process can tell. @default nobody's */
  owner?: string | undefined;
  /** Send nothing before the run is kept, and fail where it cannot be: for answers that nobody reads live. @default false */
  mustKeep?: boolean | undefined;
  /** How long a run without a sign of life counts as going on. @default 30_000 */
  leaseMs?: number | undefined;
  /** Hears, once, why the run is no longer kept; the answer itself goes on. */
  onUnkept?: ((error: unknown) => unknown) | undefined;
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

/** One generation that goes on whoever watches. */
export interface ChatRun {
  /** Known before anything happens: what others follow it by. */
  readonly runId: string;
  /** The events from the first on. Reading them drives nothing, and whoever stops reading stops nothing. */
  readonly events: ChatRunEvents;
  /** The whole answer; rejects with what the generation failed with. Never an unhandled rejection. */
  readonly result: Promise<GenerateResult>;
  /** Resolves once others can follow the run; rejects where the store could not take it. Never an unhandled rejection. */
  readonly kept: Promise<void>;
  /** Resolves once the run has ended and, where it is kept, its final event is. Never rejects. */
  readonly settled: Promise<void>;
  /** Ends the generation upstream, for all who follow; they are told `aborted`. Idempotent. */
  cancel(reason?: unknown): void;
}
