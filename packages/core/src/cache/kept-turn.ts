import { Accumulator } from "../generate/accumulator.js";
import type { AnswerTurn } from "../generate/answer-turn.js";
import { finishedStep } from "../generate/finished-step.js";
import type { Step } from "../generate/generate-result.js";
import { present } from "../generate/present.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { AnswerChoice, ChatChunk, ChatCompletion } from "../messages/chat-body.js";
import type { AssistantMessage } from "../messages/message.js";
import type { ToolCall } from "../tools/tool-types.js";
import { readUsage } from "../usage/read-usage.js";
import type { Usage } from "../usage/usage.js";
import { NO_COST } from "./tell-hit.js";

type Batch = StreamEvent[] | undefined;

/** What is known around a turn that is told from a kept answer. */
export interface KeptTurnOptions {
  answer: ChatCompletion;
  /** The model that was asked. */
  model: string | undefined;
  /** Told before everything else. */
  warnings: StreamEvent[];
  /** Milliseconds since the call began. */
  elapsedMs: () => number;
  /** Called when the answer has been told. */
  onTold(turn: KeptTurn): Promise<void>;
}

/** A kept answer, told as if it were read now. It passes no gate and is booked nowhere: nothing is sent. */
export class KeptTurn implements AnswerTurn {
  readonly accumulator = new Accumulator(0);
  firstTokenMs: number | undefined;
  /** Known once the turn is finished. */
  message: AssistantMessage | undefined;
  readonly #options: KeptTurnOptions;
  #isTold = false;

  constructor(options: KeptTurnOptions) {
    this.#options = options;
  }

  /** As it was when the answer was made. */
  get usage(): Usage | undefined {
    return readUsage(this.accumulator.usage);
  }

  next<T>(onBatch: (batch: Batch) => T | Promise<T>, onFailure: (error: unknown) => T | Promise<T>): Promise<T> {
    return Promise.resolve()
      .then(() => this.#tell())
      .then(onBatch, onFailure);
  }

  async readWhole(): Promise<void> {
    this.accumulator.addAnswer(this.#options.answer);
    this.firstTokenMs = this.#options.elapsedMs();
  }

  async finish(): Promise<{ step: Step; toolCalls: ToolCall[] }> {
    const { accumulator, usage } = this;
    const answer = accumulator.finish((position) => `call_${crypto.randomUUID()}_${position}`);
    this.message = answer.message;
    await this.#options.onTold(this);
    return finishedStep(accumulator, answer, {
      usage,
      cost: { ...NO_COST },
      generationId: accumulator.id,
      model: this.#options.model,
      openRouterCache: undefined,
      fromCache: true,
    });
  }

  #tell(): Batch {
    if (this.#isTold) return undefined;
    this.#isTold = true;
    const events: StreamEvent[] = [];
    this.accumulator.add(asChunk(this.#options.answer), events);
    this.firstTokenMs = this.#options.elapsedMs();
    const { id: generationId, model, servedBy } = this.accumulator;
    const start: StreamEvent = { type: "start", ...present({ generationId, model, servedBy }) };
    return [start, ...this.#options.warnings, { type: "step-start", step: 0 }, ...events];
  }
}

/** The whole answer as one chunk of a stream. */
function asChunk({ choices, object: _, ...rest }: ChatCompletion): ChatChunk {
  const { message, ...choice }: AnswerChoice = choices?.[0] ?? {};
  const tool_calls = message?.tool_calls?.map((call, index) => ({ ...call, index }));
  const delta = { ...message, ...(tool_calls === undefined ? {} : { tool_calls }) };
  return { ...rest, object: "chat.completion.chunk", choices: [{ ...choice, index: 0, delta }] } as ChatChunk;
}
