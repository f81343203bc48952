import type { Attempt, LLMError } from "../errors/llm-error.js";
import type { GenerateResult, Step, Warning } from "../generate/generate-result.js";
import { present } from "../generate/present.js";
import type { Message } from "../messages/message.js";
import { addCost } from "../usage/read-cost.js";
import { addUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";

/** What all requests for one object have given and cost so far. */
export class RequestTally {
  readonly attempts: Attempt[] = [];
  readonly warnings: Warning[] = [];
  readonly #steps: Step[] = [];
  readonly #newMessages: Message[] = [];
  readonly #annotations: GenerateResult["annotations"] = [];
  readonly #images: GenerateResult["images"] = [];
  readonly #now: () => number;
  readonly #startedAt: number;
  #requestAt: number;
  #firstTokenMs: number | undefined;
  #usage: Usage | undefined;
  #cost: Cost | undefined;

  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
    this.#requestAt = this.#startedAt;
  }

  get elapsedMs(): number {
    return this.#now() - this.#startedAt;
  }

  get steps(): number {
    return this.#steps.length;
  }

  /** What the model and the tools have said beyond the request, in order. */
  get newMessages(): readonly Message[] {
    return this.#newMessages;
  }

  startRequest(): void {
    this.#requestAt = this.#now();
  }

  /**
   * Counts an answer, or what had come of one.
   *
   * @param messages - what it added to the conversation, where that is not what it says itself
   */
  add(answer: Partial<GenerateResult>, messages: readonly Message[] = answer.newMessages ?? []): void {
    this.#count(answer.attempts ?? []);
    for (const warning of answer.warnings ?? []) this.#warnOnce(warning);
    this.#steps.push(...(answer.steps ?? []));
    this.#newMessages.push(...messages);
    this.#annotations.push(...(answer.annotations ?? []));
    this.#images.push(...(answer.images ?? []));
    this.#usage = addUsage(this.#usage, answer.usage);
    this.#cost = addCost(this.#cost, answer.cost);
    if (answer.timing?.firstTokenMs !== undefined) {
      this.#firstTokenMs ??= this.#requestAt - this.#startedAt + answer.timing.firstTokenMs;
    }
  }

  /** Counts a request that failed. A step that broke off is none, unless it is the last that there is. */
  addFailure(error: LLMError, isLast: boolean): void {
    const partial: Partial<GenerateResult> = error.partial ?? {};
    const steps = (partial.steps ?? []).filter(({ finishReason }) => isLast || finishReason !== "error");
    this.add({ ...partial, attempts: error.attempts, steps });
  }

  /** The last answer with everything that covers all requests. */
  cover<T extends Partial<GenerateResult>>(last: T): T {
    return {
      ...last,
      steps: this.#steps,
      newMessages: this.#newMessages,
      annotations: this.#annotations,
      images: this.#images,
      attempts: this.attempts,
      warnings: this.warnings,
      fromCache: this.#steps.length > 0 && this.#steps.every((step) => step.fromCache) ? true : undefined,
      timing: { ...present({ firstTokenMs: this.#firstTokenMs }), totalMs: this.elapsedMs },
      ...present({ usage: this.#usage, cost: this.#cost }),
    };
  }

  /** What is said of the model is said again by each request. */
  #warnOnce({ code, message }: Warning): void {
    const isKnown = this.warnings.some((known) => known.code === code && known.message === message);
    if (!isKnown) this.warnings.push({ code, message });
  }

  #count(attempts: readonly Attempt[]): void {
    for (const attempt of attempts) this.attempts.push({ ...attempt, number: this.attempts.length + 1 });
  }
}
