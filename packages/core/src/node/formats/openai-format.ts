import { createError } from "../../errors/error-classes.js";
import { publicErrorBody } from "../../errors/public-error.js";
import type { FinishReason, GenerateResult } from "../../generate/generate-result.js";
import type { StreamEvent } from "../../generate/stream-event.js";
import { encodeComment } from "../../sse/event-encoder.js";
import type { ToolCall } from "../../tools/tool-types.js";
import type { FormatOptions, WireFormat } from "../wire-format.js";
import { toWireUsage } from "./wire-usage.js";

/**
 * Chunks of a chat completion, as every OpenAI client reads them. Tool calls come at the end and only those that
 * wait for the client: it would try to execute again what the server has executed already.
 */
export function openaiFormat(options: FormatOptions): WireFormat {
  return new OpenAIFormat(options);
}

class OpenAIFormat implements WireFormat {
  readonly contentType = "text/event-stream; charset=utf-8";
  readonly ping = encodeComment("ping");
  readonly #expose: boolean | undefined;
  readonly #created: number;
  #id = "";
  #model = "";
  #head = "";

  constructor({ expose, clock }: FormatOptions) {
    this.#expose = expose;
    this.#created = Math.floor(clock.date() / 1000);
  }

  event(event: StreamEvent): string {
    switch (event.type) {
      case "start":
        this.#id ||= event.generationId ?? "";
        this.#model ||= event.model ?? "";
        return "";
      case "text-delta":
        return this.#delta({ content: event.text });
      case "reasoning-delta":
        return this.#delta({ reasoning: event.text });
      case "refusal-delta":
        return this.#delta({ refusal: event.text });
      case "annotation":
        return this.#delta({ annotations: [event.annotation] });
      case "image":
        return this.#delta({ images: [event.image] });
      case "audio-delta":
        return this.#delta({ audio: { data: event.data, transcript: event.transcript } });
      case "logprobs":
        return this.#chunk({ delta: {}, logprobs: event.logprobs, finish_reason: null });
      case "tool-call-delta":
        return this.#begin();
      default:
        return "";
    }
  }

  item(item: unknown): string {
    if (typeof item === "object" && item !== null && "object" in item && item.object === "chat.completion.chunk") {
      return `data: ${JSON.stringify(item)}\n\n`;
    }
    throw createError("invalid_request", "the format `openai` carries text, events and chunks only", {
      hint: "use `events` or `ndjson` for other objects",
    });
  }

  end(result: GenerateResult | undefined): string {
    this.#id ||= result?.generationId ?? "";
    this.#model ||= result?.model ?? "";
    const calls = (result?.toolCalls ?? []).map((call, index) =>
      this.#delta({ tool_calls: [toWireCall(call, index)] }),
    );
    const last = result && this.#chunk({ delta: {}, finish_reason: finishWord(result) }, toWireUsage(result));
    return `${calls.join("")}${last ?? ""}data: [DONE]\n\n`;
  }

  failure(error: unknown): string {
    const { error: body } = publicErrorBody(error, this.#expose);
    return `data: ${JSON.stringify({ error: { ...body, type: body.code, param: null } })}\n\n`;
  }

  #delta(delta: object): string {
    return this.#chunk({ delta, finish_reason: null });
  }

  #chunk(choice: { finish_reason: string | null; [field: string]: unknown }, usage?: object): string {
    const opening = this.#begin();
    const tail = usage === undefined ? "" : `,"usage":${JSON.stringify(usage)}`;
    return `${opening}${this.#head}${JSON.stringify([{ index: 0, ...choice }])}${tail}}\n\n`;
  }

  /** The chunk that names the role, before the first one that says something. */
  #begin(): string {
    if (this.#head !== "") return "";
    const id = this.#id || `chatcmpl-${crypto.randomUUID()}`;
    const fields = { id, object: "chat.completion.chunk", created: this.#created, model: this.#model };
    this.#head = `data: ${JSON.stringify(fields).slice(0, -1)},"choices":`;
    return this.#delta({ role: "assistant", content: "" });
  }
}

function toWireCall(call: ToolCall, index: number): object {
  return { index, id: call.id, type: "function", function: { name: call.name, arguments: call.rawArguments } };
}

const WORDS: Readonly<Record<FinishReason, string>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  content_filter: "content_filter",
  error: "error",
  unknown: "stop",
};

function finishWord(result: GenerateResult): string {
  return result.finishReason === "unknown" ? (result.rawFinishReason ?? WORDS.unknown) : WORDS[result.finishReason];
}
