import { createError } from "../errors/error-classes.js";
import { AudioPieces } from "../messages/audio-pieces.js";
import type { AnswerChoice, ChatChunk, ChatCompletion, ChunkDelta, WireUsage } from "../messages/chat-body.js";
import { Logprobs } from "../messages/logprobs.js";
import type { AssistantMessage } from "../messages/message.js";
import { ReasoningDetails, reasoningText } from "../messages/reasoning-details.js";
import type { RepeatedChunk } from "../provider/pull.js";
import { ToolCallAssembler, toWireToolCalls } from "../tools/tool-call-assembler.js";
import type { ToolCall } from "../tools/tool-types.js";
import { isRepeated, type NotedFacts, noteFacts } from "./answer-facts.js";
import { unifyFinishReason } from "./finish-reason.js";
import type { Annotation, AudioAnswer, FinishReason, Image } from "./generate-result.js";
import { GrowingText } from "./growing-text.js";
import type { StreamEvent } from "./stream-event.js";

/** What one answer gave, once it is whole. */
export interface Answer {
  message: AssistantMessage;
  toolCalls: ToolCall[];
  finishReason: FinishReason;
}

/**
 * Turns the chunks of one answer into events and into the whole. Reads tolerantly: only what is used is checked,
 * anything may be missing, and usage and finish words may come in any place and more than once (the last wins).
 */
export class Accumulator {
  refusal: string | undefined;
  id: string | undefined;
  model: string | undefined;
  servedBy: string | undefined;
  usage: WireUsage | undefined;
  rawFinishReason: string | undefined;
  nativeFinishReason: string | undefined;
  /** Something of the answer was handed on: from here on nothing may be retried. */
  delivered = false;
  readonly annotations: Annotation[] = [];
  readonly images: Image[] = [];
  readonly facts: NotedFacts = {};
  readonly #step: number;
  readonly #text = new GrowingText();
  readonly #reasoning = new GrowingText();
  readonly #details = new ReasoningDetails();
  readonly #calls = new ToolCallAssembler();
  #audio: AudioPieces | undefined;
  #logprobs: Logprobs | undefined;
  #verbatim: AssistantMessage | undefined;
  #raw: unknown;
  #repeating: RepeatedChunk | undefined;

  constructor(step: number) {
    this.#step = step;
  }

  /** The last chunk, or the whole answer. */
  get raw(): unknown {
    return this.#repeating === undefined ? this.#raw : this.#repeating.copy();
  }

  get text(): string {
    return this.#text.value;
  }

  get reasoning(): string {
    return this.#reasoning.value;
  }

  /** Characters of text, thoughts and arguments. */
  get characters(): number {
    return this.#text.length + this.#reasoning.length + this.#calls.argumentCharacters;
  }

  /** True when there is nothing of any kind, not even a finish word. */
  get empty(): boolean {
    return !this.delivered && this.rawFinishReason === undefined;
  }

  get logprobs(): unknown {
    return this.#logprobs?.whole;
  }

  get audio(): AudioAnswer | undefined {
    return this.#audio?.whole();
  }

  /** Adds one chunk of a stream; its events are pushed to `out`. */
  add(chunk: ChatChunk, out: StreamEvent[]): void {
    if (typeof chunk !== "object" || chunk === null) {
      throw createError("invalid_response", "an event of the stream is not an object");
    }
    this.#readEnvelope(chunk);
    const choices = chunk.choices;
    if (!Array.isArray(choices)) return;
    const choice = firstChoice(choices);
    if (choice === undefined) return;
    if (typeof choice.finish_reason === "string") this.rawFinishReason = choice.finish_reason;
    if (typeof choice.native_finish_reason === "string") this.nativeFinishReason = choice.native_finish_reason;
    if (choice.logprobs !== undefined && choice.logprobs !== null) {
      this.#logprobs ??= new Logprobs();
      this.#logprobs.add(choice.logprobs);
      out.push({ type: "logprobs", step: this.#step, logprobs: choice.logprobs });
    }
    const delta = choice.delta;
    if (typeof delta === "object" && delta !== null) this.#addDelta(delta, out);
  }

  /** Adds a chunk of which only the delta is new, if it is the same one as the last. */
  addRepeated(chunk: RepeatedChunk, out: StreamEvent[]): void {
    if (this.#repeating === chunk) this.#addDelta(chunk.delta, out);
    else {
      this.add(chunk.copy(), out);
      this.#repeating = chunk;
    }
  }

  /** Adds a whole answer; its message is kept verbatim. */
  addAnswer(body: ChatCompletion): void {
    const choice = Array.isArray(body.choices) ? answerChoice(body.choices) : undefined;
    const { message, index: _, ...rest } = choice ?? {};
    const chunk = {
      ...body,
      choices: choice === undefined ? body.choices : [{ ...rest, delta: message && withPlaces(message) }],
    } as ChatChunk;
    this.add(chunk, []);
    this.#raw = body;
    if (message !== undefined && message !== null)
      this.#verbatim = { ...message, role: "assistant" } as AssistantMessage;
  }

  #readEnvelope(chunk: ChatChunk): void {
    this.#raw = chunk;
    this.#repeating = undefined;
    if (this.id === undefined && typeof chunk.id === "string" && chunk.id !== "") this.id = chunk.id;
    if (typeof chunk.model === "string") this.model = chunk.model;
    if (typeof chunk.provider === "string") this.servedBy = chunk.provider;
    if (typeof chunk.usage === "object" && chunk.usage !== null) this.usage = chunk.usage;
    noteFacts(this.facts, chunk);
  }

  #addDelta(delta: ChunkDelta, out: StreamEvent[]): void {
    const step = this.#step;
    const details = delta.reasoning_details;
    const hasDetails = Array.isArray(details);
    if (hasDetails) this.#details.add(details);
    const thought = delta.reasoning || delta.reasoning_content || (hasDetails ? reasoningText(details) : "");
    if (typeof thought === "string" && thought !== "") {
      this.#reasoning.add(thought);
      this.delivered = true;
      out.push({ type: "reasoning-delta", step, text: thought });
    }
    const content = typeof delta.content === "string" ? delta.content : contentText(delta.content);
    if (content !== "") {
      this.#text.add(content);
      this.delivered = true;
      out.push({ type: "text-delta", step, text: content });
    }
    if (typeof delta.refusal === "string" && delta.refusal !== "") {
      this.refusal = (this.refusal ?? "") + delta.refusal;
      this.delivered = true;
      out.push({ type: "refusal-delta", step, text: delta.refusal });
    }
    if (Array.isArray(delta.tool_calls)) this.#addToolCalls(delta.tool_calls, out);
    if (Array.isArray(delta.annotations)) this.#addAnnotations(delta.annotations, out);
    if (Array.isArray(delta.images)) this.#addImages(delta.images, out);
    if (typeof delta.audio === "object" && delta.audio !== null) this.#addAudio(delta.audio, out);
  }

  #addToolCalls(deltas: NonNullable<ChunkDelta["tool_calls"]>, out: StreamEvent[]): void {
    for (const delta of deltas) {
      if (typeof delta !== "object" || delta === null) continue;
      const placed = this.#calls.add(delta);
      this.delivered = true;
      out.push({
        type: "tool-call-delta",
        step: this.#step,
        index: placed.position,
        ...(placed.id === undefined ? {} : { id: placed.id }),
        ...(placed.name === undefined ? {} : { name: placed.name }),
        argumentsDelta: placed.argumentsDelta,
      });
    }
  }

  #addAnnotations(annotations: readonly unknown[], out: StreamEvent[]): void {
    for (const annotation of annotations as Annotation[]) {
      this.annotations.push(annotation);
      this.delivered = true;
      out.push({ type: "annotation", step: this.#step, annotation });
    }
  }

  #addImages(images: readonly unknown[], out: StreamEvent[]): void {
    for (const image of images as Image[]) {
      if (isRepeated(image, this.images)) continue;
      this.images.push(image);
      this.delivered = true;
      out.push({ type: "image", step: this.#step, image });
    }
  }

  #addAudio(audio: object, out: StreamEvent[]): void {
    this.#audio ??= new AudioPieces();
    const piece = this.#audio.add(audio);
    if (piece.data === undefined && piece.transcript === undefined) return;
    this.delivered = true;
    out.push({ type: "audio-delta", step: this.#step, ...piece });
  }

  /** The whole answer; calls get unique ids. */
  finish(makeId: (position: number) => string): Answer {
    const toolCalls = this.#calls.finish(makeId);
    const message = this.#verbatim ?? this.#assembleMessage();
    const hasIds = message.tool_calls?.every((call, position) => call?.id === toolCalls[position]?.id);
    if (toolCalls.length > 0 && !hasIds) message.tool_calls = toWireToolCalls(toolCalls);
    return {
      message,
      toolCalls,
      finishReason: unifyFinishReason(this.rawFinishReason, this.nativeFinishReason, toolCalls),
    };
  }

  #assembleMessage(): AssistantMessage {
    const message: AssistantMessage = {
      role: "assistant",
      content: this.#text.length === 0 && this.#calls.count > 0 ? null : this.text,
    };
    if (this.#reasoning.length > 0) message.reasoning = this.reasoning;
    if (this.#details.list !== undefined) message.reasoning_details = this.#details.list;
    if (this.refusal !== undefined) message.refusal = this.refusal;
    if (this.annotations.length > 0) message.annotations = this.annotations;
    if (this.images.length > 0) message.images = this.images;
    const audio = this.#audio?.wire();
    if (audio !== undefined) message.audio = audio;
    return message;
  }
}

function firstChoice<T extends { index?: number | undefined }>(choices: readonly T[]): T | undefined {
  const first = choices[0];
  if (first === undefined || first === null) return undefined;
  return first.index === 0 || typeof first.index !== "number" ? first : choices.find((choice) => choice?.index === 0);
}

/** A whole answer has nothing to come: where no choice stands at index 0, the first one is meant. */
function answerChoice(choices: readonly AnswerChoice[]): AnswerChoice | undefined {
  return firstChoice(choices) ?? choices[0] ?? undefined;
}

/** In a whole answer each entry is a call of its own, whatever its id. */
function withPlaces(message: NonNullable<AnswerChoice["message"]>): object {
  const calls: unknown = message.tool_calls;
  if (!Array.isArray(calls)) return message;
  return { ...message, tool_calls: calls.map((call, index) => (call instanceof Object ? { ...call, index } : call)) };
}

function contentText(content: unknown): string {
  if (!Array.isArray(content)) return "";
  return content.map((part: { text?: unknown } | null) => (typeof part?.text === "string" ? part.text : "")).join("");
}
