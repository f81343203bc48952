import type { ChatRunOptions } from "../src/chat-runs/chat-run.js";
import { startChatRun } from "../src/chat-runs/start-chat-run.js";
import type { LLM } from "../src/client/llm.js";
import type { GenerateRequest } from "../src/generate/generate-request.js";
import type { StreamEvent } from "../src/generate/stream-event.js";
import { memoryRunStore } from "../src/steps/memory-run-store.js";
import type { RunStore, StepEvent } from "../src/steps/step-types.js";
import { ManualClock } from "./manual-clock.js";
import { ScriptedSource } from "./scripted-source.js";

/** A chat run whose model says what the test says. */
export function dictatedRun(options: ChatRunOptions = {}) {
  const source = new ScriptedSource();
  const requests: GenerateRequest[] = [];
  const llm = {
    stream(request: GenerateRequest) {
      requests.push(request);
      const { signal } = request;
      if (signal?.aborted) source.stream.abort(signal.reason);
      else signal?.addEventListener("abort", () => source.stream.abort(signal.reason), { once: true });
      return source.stream;
    },
  };
  const clock = new ManualClock();
  const store = options.store ?? memoryRunStore({ clock });
  const run = startChatRun(llm as unknown as LLM, { prompt: "Hi" }, { store, clock, ...options });
  return { run, source, store, clock, requests };
}

/** Every event of one reader. */
export async function told(events: AsyncIterable<StepEvent>): Promise<StepEvent[]> {
  const all: StepEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** What all text deltas say together. */
export function textOf(events: readonly StepEvent[]): string {
  return events
    .map(({ data }) => data as StreamEvent)
    .map((event) => (event?.type === "text-delta" ? event.text : ""))
    .join("");
}

export interface HeldStore extends RunStore {
  /** How many appends wait. */
  readonly held: number;
  letThrough(): void;
  /** Lets everything through from now on. */
  open(): void;
  fail(error: Error): void;
}

/** A store whose appends wait until the test lets them through. */
export function heldStore(store: RunStore): HeldStore {
  const waiting: PromiseWithResolvers<void>[] = [];
  let isOpen = false;
  const letThrough = () => {
    for (const each of waiting.splice(0)) each.resolve();
  };
  return {
    ...store,
    get held() {
      return waiting.length;
    },
    letThrough,
    open() {
      isOpen = true;
      letThrough();
    },
    fail(error) {
      for (const each of waiting.splice(0)) each.reject(error);
    },
    async append(runId, event, holder) {
      const turn = Promise.withResolvers<void>();
      if (!isOpen) {
        waiting.push(turn);
        await turn.promise;
      }
      await store.append(runId, event, holder);
    },
  };
}

/** Everything that is at hand has been taken note of. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
