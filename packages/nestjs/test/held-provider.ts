import type { ChatChunk, LLMProvider } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";

/** A model that says its words one by one, when the test lets it, and tells when it is stopped. */
export interface HeldProvider extends LLMProvider {
  /** Signals of the calls that were begun, oldest first. */
  readonly signals: AbortSignal[];
  /** Resolves once `count` calls have begun. */
  calls(count: number): Promise<void>;
  /** Says another piece, as soon as it is asked for. */
  say(text: string): void;
  /** Ends the answer after what was said. */
  finish(): void;
}

export function heldProvider(): HeldProvider {
  const signals: AbortSignal[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const said: (string | undefined)[] = [];
  let heard = Promise.withResolvers<void>();
  const say = (text: string | undefined) => {
    said.push(text);
    heard.resolve();
  };
  const chunk = (delta: object, finish: string | null): ChatChunk => ({
    id: "gen-held",
    model: "held/model",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });

  async function* chunks(): AsyncGenerator<ChatChunk[]> {
    for (;;) {
      const text = said.shift();
      if (text !== undefined) yield [chunk({ content: text }, null)];
      else if (said.length === 0 && ended) return void (yield [chunk({}, "stop")]);
      else {
        heard = Promise.withResolvers();
        await heard.promise;
      }
    }
  }
  let ended = false;

  return {
    ...scriptedProvider(),
    name: "held",
    defaultModel: "held/model",
    signals,
    async calls(count) {
      if (signals.length >= count) return;
      await new Promise<void>((resolve) => waiting.push({ count, resolve }));
    },
    say,
    finish() {
      ended = true;
      heard.resolve();
    },
    async chatStream(_body, { signal }) {
      signals.push(signal ?? new AbortController().signal);
      for (const each of waiting) if (signals.length >= each.count) each.resolve();
      const iterator = chunks();
      const aborted = new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      aborted.catch(() => {});
      return {
        status: 200,
        done: true,
        close: () => {},
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.race([iterator.next(), aborted]),
          return: async () => ({ value: undefined, done: true as const }),
        }),
      };
    },
  };
}
