import type { Accumulator } from "../generate/accumulator.js";
import type { Engine } from "../generate/engine.js";
import type { Step } from "../generate/generate-result.js";
import type { PreparedCall } from "../generate/prepare-call.js";
import type { ChatCompletion } from "../messages/chat-body.js";
import { keptAnswer } from "./kept-answer.js";
import { mayKeepAnswer } from "./may-keep.js";
import type { SoftCache } from "./soft-cache.js";

export interface MadeAnswerOptions {
  engine: Engine;
  cache: SoftCache;
  key: string;
  /** Others may wait for it where there is one. */
  claim: string | undefined;
  call: PreparedCall;
}

/** The place of an answer that is being made. Nobody waits for the cache: it is written behind the answer. */
export class MadeAnswer {
  readonly #options: MadeAnswerOptions;
  #isOver = false;

  constructor(options: MadeAnswerOptions) {
    this.#options = options;
  }

  /** Keeps the first answer of the call, if it is worth it and whoever is to judge it finds it good. */
  keep(accumulator: Accumulator, step: Step): void {
    // What follows a call of a tool answers another question.
    if (this.#isOver) return;
    this.#isOver = true;
    const { request, scope } = this.#options.call;
    const isWorthIt = mayKeepAnswer(step, accumulator.images.length > 0, request);
    const answer = isWorthIt ? copyOf(keptAnswer(accumulator, step)) : undefined;
    if (answer === undefined) this.#giveBack();
    else if (scope.heldAnswers === undefined) this.#set(answer);
    else scope.heldAnswers.add({ keep: () => this.#set(answer), drop: () => this.#giveBack() });
  }

  /** The call is over. What was not kept by now never will be. */
  leave(): void {
    if (!this.#isOver) this.#giveBack();
  }

  #set(answer: ChatCompletion): void {
    const { engine, cache, key, claim, call } = this.#options;
    const { responseCache: asked } = call.request;
    engine.inBackground(cache.set(key, answer, typeof asked === "object" ? asked.ttlMs : undefined, claim));
  }

  #giveBack(): void {
    const { engine, cache, key, claim, call } = this.#options;
    if (claim !== undefined)
      engine.inBackground(cache.yield(key, claim, call.signal.signal.aborted ? "left" : "failed"));
  }
}

/** Undefined for what has no copy: a provider of the user's own may give anything, and its caller has the answer. */
function copyOf(answer: ChatCompletion): ChatCompletion | undefined {
  try {
    return structuredClone(answer);
  } catch {
    return undefined;
  }
}
