import type { Clock } from "../http/clock.js";
import { followRun } from "../steps/follow-run.js";
import { runNotFound } from "../steps/run-not-found.js";
import type { RunStore, StepEvent } from "../steps/step-types.js";
import { runAborted, untilAborted } from "../steps/until-aborted.js";
import { isChat } from "./chat-log.js";
import type { ChatRunEvents } from "./chat-run.js";

/** From where a chat run is followed. */
export interface FollowChatRunOptions {
  /** What the reader has already: the number of the last event. @default 0 */
  after?: number | undefined;
  /** Whose run it has to be; any other is not found. @default anybody's */
  owner?: string | undefined;
  /** Aborting it ends the reading with `aborted`; the run goes on. */
  signal?: AbortSignal | undefined;
  /** How often a store that cannot notify is asked. @default 250 */
  pollMs?: number | undefined;
  /** After how much silence it is asked whether a process still executes the run. @default 5_000 */
  leaseCheckMs?: number | undefined;
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

/**
 * Follows a chat run from any process that has its store.
 *
 * Shape: the events behind `after`, each once and in order, then those to come, until the final one, which is told
 * whatever the position is. Give it to `pipeStream`, or read it. A run whose process is gone ends with
 * `data.code` "interrupted" once its lease has run out.
 * Throws: from the loop: `not_found` for an id that is unknown, no chat's or not the owner's, `aborted`, failures of the store.
 * Cancels: leaving it, or aborting it, ends the reading only.
 */
export function followChatRun(store: RunStore, runId: string, options: FollowChatRunOptions = {}): ChatRunEvents {
  return new Following(store, runId, options);
}

/**
 * True where the store has a chat run of this id; a pipeline's run is none. Rejects where the store fails.
 *
 * @param options - `owner`: whose run it has to be
 */
export async function chatRunExists(
  store: RunStore,
  runId: string,
  { owner }: Pick<FollowChatRunOptions, "owner"> = {},
): Promise<boolean> {
  return isChat(await store.load(runId), owner);
}

class Following implements ChatRunEvents {
  readonly runId: string;
  readonly after: number;
  readonly #store: RunStore;
  readonly #options: FollowChatRunOptions;
  readonly #controller = new AbortController();

  constructor(store: RunStore, runId: string, options: FollowChatRunOptions) {
    this.#store = store;
    this.runId = runId;
    this.#options = options;
    this.after = options.after ?? 0;
  }

  [Symbol.asyncIterator](): AsyncIterator<StepEvent> {
    return this.#from(this.after);
  }

  fromStart(): AsyncIterable<StepEvent> {
    return this.#from(0);
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  async *#from(after: number): AsyncGenerator<StepEvent, void, void> {
    const { signal: given, owner, pollMs, leaseCheckMs, clock } = this.#options;
    const own = this.#controller.signal;
    const signal = given ? AbortSignal.any([given, own]) : own;
    if (signal.aborted) throw runAborted(signal);
    const kept = await untilAborted(this.#store.load(this.runId), signal);
    if (!isChat(kept, owner)) throw runNotFound(this.runId);
    // One event more than was asked for: the last of all may lie before the position.
    const behind = Math.max(0, after - 1);
    const events = followRun(this.#store, this.runId, behind, { signal, pollMs, leaseCheckMs, clock });
    let last: StepEvent | undefined;
    for await (const event of events) {
      last = event;
      if (event.seq > after || event.final) yield event;
    }
    if (last !== undefined) return;
    const end = (await untilAborted(this.#store.read(this.runId, 0), signal)).at(-1);
    if (end !== undefined) yield end;
  }
}
