import type { LLM } from "../client/llm.js";
import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import type { GenerateRequest } from "../generate/generate-request.js";
import type { GenerateResult } from "../generate/generate-result.js";
import { refuseUnknownKeys } from "../generate/known-keys.js";
import { publicResult, publicUsage } from "../generate/public-event.js";
import { systemClock } from "../http/clock.js";
import { memoryRunStore } from "../steps/memory-run-store.js";
import { randomRunId } from "../steps/run-pipeline.js";
import { describeFailure } from "../steps/step-failure.js";
import { untilAborted } from "../steps/until-aborted.js";
import { type ChatEnd, ChatLog } from "./chat-log.js";
import type { ChatRun, ChatRunEvents, ChatRunOptions } from "./chat-run.js";
import { FirstReader } from "./first-reader.js";
import { OwnEvents } from "./own-events.js";

const OPTIONS = Object.keys({
  store: true,
  runId: true,
  owner: true,
  mustKeep: true,
  leaseMs: true,
  onUnkept: true,
  clock: true,
} satisfies Record<keyof ChatRunOptions, true>);

/**
 * Starts a generation that goes on whoever watches, and keeps it event by event: a client that leaves, or changes to
 * another process, loses and repeats nothing.
 *
 * Shape: the request is sent at once, as by `stream()`; the run ends with the answer, a failure or `cancel()`, which
 * any process can ask for through the store. Events are {@link StepEvent}s of the step "chat", `data` a StreamEvent as
 * clients may see it; deltas of one kind that arrive together are one. The final event has the public result, usage
 * and cost, or the failure in public words. Prompts are not kept.
 * Units: `leaseMs` in milliseconds; cost in USD.
 * Throws: `invalid_request` for an option that is not known, or a `leaseMs` that is not above 0. All other failures come out of `result` and stand on the
 * final event; a `runId` that exists is `invalid_request` (409) there and nothing is sent. A store that fails costs
 * the run its log (`onUnkept`, and a warning among the events), never its answer.
 * Cancels: `cancel()` and `request.signal` close upstream. A client that leaves does not, unless the `llm` is one that
 * ends with its request: use the verb of your framework's package that detaches from it.
 */
export function startChatRun(llm: LLM, request: GenerateRequest, options: ChatRunOptions = {}): ChatRun {
  refuseUnknownKeys("the options of startChatRun", options, OPTIONS);
  const { leaseMs = 30_000 } = options;
  if (!(leaseMs > 0)) throw createError("invalid_request", `leaseMs is not above 0: ${leaseMs}`);
  return new Execution(llm, request, options);
}

class Execution implements ChatRun {
  readonly runId: string;
  readonly events: ChatRunEvents;
  readonly kept: Promise<void>;
  readonly settled: Promise<void>;
  readonly #log: ChatLog;
  readonly #first: FirstReader;
  readonly #controller = new AbortController();
  #isAsked = false;
  readonly #result = Promise.withResolvers<GenerateResult>();

  constructor(llm: LLM, request: GenerateRequest, options: ChatRunOptions) {
    const {
      store = memoryRunStore(),
      runId,
      owner,
      mustKeep = false,
      leaseMs = 30_000,
      onUnkept,
      clock = systemClock,
    } = options;
    this.runId = runId ?? randomRunId();
    this.#first = new FirstReader(() => this.#log.keeps);
    this.#log = new ChatLog({
      store,
      runId: this.runId,
      owner,
      leaseMs,
      clock,
      deliver: (event, size) => this.#first.push(event, size),
      onCancel: () => this.cancel("it was stopped by request"),
      onUnkept: (error) => {
        // What kept the run from being asked is its failure.
        const isFailure = !this.#isAsked && (mustKeep || isTaken(error));
        if (!isFailure && onUnkept !== undefined) void tell(onUnkept, error);
      },
    });
    this.kept = this.#log.opened;
    this.settled = this.#log.done;
    this.events = new OwnEvents(this.runId, this.#first, { store, clock });
    this.#result.promise.catch(() => {});
    void this.#execute(llm, request, runId !== undefined, mustKeep);
  }

  get result(): Promise<GenerateResult> {
    return this.#result.promise;
  }

  cancel(reason: unknown = "it was cancelled"): void {
    this.#controller.abort(reason);
  }

  async #execute(llm: LLM, request: GenerateRequest, isNamed: boolean, mustKeep: boolean): Promise<void> {
    try {
      if (isNamed || mustKeep) await this.#begin(mustKeep);
      const result = await this.#generate(llm, request);
      this.#log.end(completed(result));
      this.#result.resolve(result);
    } catch (error) {
      this.#log.end(failed(error));
      this.#result.reject(error);
    }
  }

  async #begin(mustKeep: boolean): Promise<void> {
    try {
      await untilAborted(this.kept, this.#controller.signal);
    } catch (error) {
      if (mustKeep || isTaken(error) || this.#controller.signal.aborted) throw error;
    }
  }

  async #generate(llm: LLM, request: GenerateRequest): Promise<GenerateResult> {
    const { signal } = this.#controller;
    this.#isAsked = true;
    const stream = llm.stream({
      ...request,
      signal: request.signal ? AbortSignal.any([request.signal, signal]) : signal,
    });
    for await (const event of stream.events) {
      if (event.type === "finish") continue;
      this.#log.add(event);
      for (let room = this.#waitForRoom(); room !== undefined; room = this.#waitForRoom()) {
        await untilAborted(room, signal);
      }
    }
    return stream.result;
  }

  #waitForRoom(): Promise<void> | undefined {
    return this.#log.waitForRoom() ?? this.#first.waitForRoom();
  }
}

function completed(result: GenerateResult): ChatEnd {
  const { usage, cost } = result;
  return {
    status: "completed",
    data: { type: "finish", result: publicResult(result) },
    message: "",
    ...(usage === undefined ? {} : { usage: publicUsage(usage) }),
    ...(cost === undefined ? {} : { cost }),
  };
}

function failed(error: unknown): ChatEnd {
  const data = describeFailure(error, { completedSteps: [], nextStep: null });
  const { usage, cost } = (LLMError.is(error) && error.partial) || {};
  return {
    status: "error",
    data,
    message: data.message,
    ...(usage === undefined ? {} : { usage: publicUsage(usage) }),
    ...(cost === undefined ? {} : { cost }),
    cause: error,
  };
}

/** What a listener throws ends no run; it is told as a warning of the process. */
async function tell(onUnkept: (error: unknown) => unknown, error: unknown): Promise<void> {
  try {
    await onUnkept(error);
  } catch (fault) {
    const detail = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    process.emitWarning("`onUnkept` failed", { type: "SignalboxWarning", code: "SIGNALBOX_CALLBACK", detail });
  }
}

function isTaken(error: unknown): boolean {
  return LLMError.is(error) && error.code === "invalid_request" && error.status === 409;
}
