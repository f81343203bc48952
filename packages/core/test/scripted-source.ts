import { createError } from "../src/errors/error-classes.js";
import type { EventSource } from "../src/generate/event-source.js";
import type { GenerateResult } from "../src/generate/generate-result.js";
import { EventStream } from "../src/generate/generate-stream.js";
import type { StreamEvent } from "../src/generate/stream-event.js";
import { ManualClock } from "./manual-clock.js";

type Turn = { batch: StreamEvent[] } | { error: unknown } | { result: GenerateResult };

/** Events that a test hands out when it likes; a real stream reads them. */
export class ScriptedSource implements EventSource {
  readonly stream = new EventStream(this, new ManualClock(), 0);
  result: GenerateResult | undefined;
  abortedWith: unknown;
  pulls = 0;
  readonly #turns: Turn[] = [];
  #waiting: PromiseWithResolvers<void> | undefined;
  #aborted = Promise.withResolvers<void>();

  /** Resolves when the stream was aborted. */
  get aborted(): Promise<void> {
    return this.#aborted.promise;
  }

  push(...batch: StreamEvent[]): this {
    return this.#add({ batch });
  }

  text(...texts: string[]): this {
    return this.push(...texts.map((text) => ({ type: "text-delta", step: 0, text }) as const));
  }

  fail(error: unknown): this {
    return this.#add({ error });
  }

  finish(more: Partial<GenerateResult> = {}): this {
    return this.#add({ result: sampleResult(more) });
  }

  async next(): Promise<StreamEvent[] | undefined> {
    this.pulls++;
    for (;;) {
      if (this.abortedWith !== undefined) throw createError("aborted", "aborted", { cause: this.abortedWith });
      const turn = this.#turns.shift();
      if (turn === undefined) {
        this.#waiting ??= Promise.withResolvers<void>();
        await this.#waiting.promise;
        continue;
      }
      if ("batch" in turn) return turn.batch;
      if ("error" in turn) throw turn.error;
      this.result = turn.result;
      return undefined;
    }
  }

  abort(reason: unknown): void {
    this.abortedWith ??= reason ?? "aborted";
    this.#aborted.resolve();
    this.#wake();
  }

  #add(turn: Turn): this {
    this.#turns.push(turn);
    this.#wake();
    return this;
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

/** A result as a good call gives it. */
export function sampleResult(more: Partial<GenerateResult> = {}): GenerateResult {
  return {
    text: "Hello world",
    reasoning: "",
    message: { role: "assistant", content: "Hello world" },
    newMessages: [{ role: "assistant", content: "Hello world" }],
    toolCalls: [],
    steps: [],
    annotations: [],
    images: [],
    raw: { upstream: "secret-raw" },
    finishReason: "stop",
    rawFinishReason: "stop",
    usage: { promptTokens: 7, completionTokens: 2, totalTokens: 9, cachedTokens: 3, raw: { upstream: "secret-raw" } },
    cost: { usd: 0.00012, isByok: false, totalUsd: 0.00012, source: "provider" },
    model: "vendor/model",
    generationId: "gen-1",
    resolvedModel: { requested: "vendor/model", sent: "vendor/model", variants: [], warnings: [] },
    warnings: [],
    attempts: [],
    timing: { totalMs: 12 },
    ...more,
  };
}
