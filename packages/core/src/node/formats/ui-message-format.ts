import { publicErrorBody } from "../../errors/public-error.js";
import type { FinishReason, GenerateResult } from "../../generate/generate-result.js";
import { publicUsage, toolFailureText } from "../../generate/public-event.js";
import type { StreamEvent } from "../../generate/stream-event.js";
import { encodeComment } from "../../sse/event-encoder.js";
import type { FormatOptions, WireFormat } from "../wire-format.js";
import { contentPart, mediaParts } from "./ui-message-parts.js";
import { UIToolInputs } from "./ui-tool-inputs.js";

/** The UI message stream (version 1) of the AI SDK, as `useChat` reads it. */
export function uiMessageFormat(options: FormatOptions): WireFormat {
  return new UIMessageFormat(options);
}

const FINISH_WORDS: Readonly<Record<FinishReason, string>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
  error: "error",
  unknown: "other",
};

class UIMessageFormat implements WireFormat {
  readonly contentType = "text/event-stream; charset=utf-8";
  readonly headers = { "x-vercel-ai-ui-message-stream": "v1" };
  readonly ping = encodeComment("ping");
  readonly #expose: boolean | undefined;
  readonly #messageId: string | undefined;
  readonly #tools = new UIToolInputs();
  #started = false;
  #step: number | undefined;
  #open: { kind: "text" | "reasoning"; id: string } | undefined;
  #parts = 0;

  constructor({ expose, messageId }: FormatOptions) {
    this.#expose = expose;
    this.#messageId = messageId;
  }

  event(event: StreamEvent): string {
    switch (event.type) {
      case "start":
        return this.#start();
      case "step-start":
        return this.#inStep(event.step);
      case "text-delta":
      case "refusal-delta":
        return this.#content("text", event.step, event.text);
      case "reasoning-delta":
        return this.#content("reasoning", event.step, event.text);
      case "tool-call-delta":
        return this.#inStep(event.step) + this.#close() + lines(this.#tools.delta(event));
      case "tool-call":
        return this.#inStep(event.step) + this.#close() + lines(this.#tools.call(event.call));
      case "tool-progress":
        return this.#output(event, { output: event.data, preliminary: true });
      case "tool-result":
        if (!event.isError) return this.#output(event, { output: event.result });
        return this.#output(event, { errorText: toolFailureText(event.result, this.#expose) });
      case "step-finish":
        return this.#close();
      case "annotation":
      case "image":
      case "audio-delta":
      case "warning":
        return this.#start() + lines(mediaParts(event, ++this.#parts));
      default:
        return "";
    }
  }

  item(item: unknown): string {
    return this.#start() + line({ type: "data-item", data: item ?? null });
  }

  end(result: GenerateResult | undefined): string {
    const closing = this.#start() + this.#finishStep();
    const finish = result && {
      finishReason: FINISH_WORDS[result.finishReason],
      messageMetadata: {
        model: result.model,
        generationId: result.generationId,
        usage: publicUsage(result.usage),
        cost: result.cost,
      },
    };
    return `${closing}${line({ type: "finish", ...finish })}data: [DONE]\n\n`;
  }

  failure(error: unknown): string {
    const errorText = publicErrorBody(error, this.#expose).error.message;
    return `${this.#start()}${line({ type: "error", errorText })}data: [DONE]\n\n`;
  }

  #start(): string {
    if (this.#started) return "";
    this.#started = true;
    return line({ type: "start", messageId: this.#messageId });
  }

  /** A step ends where the next begins: its tools' outputs may arrive after its last token. */
  #inStep(step: number): string {
    if (this.#step === step) return "";
    const before = this.#start() + this.#finishStep();
    this.#step = step;
    return before + line({ type: "start-step" });
  }

  #finishStep(): string {
    const closed = this.#close();
    if (this.#step === undefined) return closed;
    this.#step = undefined;
    return closed + line({ type: "finish-step" });
  }

  #content(kind: "text" | "reasoning", step: number, delta: string): string {
    let text = this.#inStep(step);
    if (this.#open?.kind !== kind) {
      text += this.#close();
      this.#open = { kind, id: `${kind}-${++this.#parts}` };
      text += line({ type: `${kind}-start`, id: this.#open.id });
    }
    return text + line(contentPart(kind, this.#open.id, delta));
  }

  #close(): string {
    if (this.#open === undefined) return "";
    const { kind, id } = this.#open;
    this.#open = undefined;
    return line({ type: `${kind}-end`, id });
  }

  #output(event: { step: number; id: string; name: string }, output: object): string {
    const type = "errorText" in output ? "tool-output-error" : "tool-output-available";
    const known = lines(this.#tools.known(event.id, event.name));
    return this.#inStep(event.step) + this.#close() + known + line({ type, toolCallId: event.id, ...output });
  }
}

const line = (part: object): string => `data: ${JSON.stringify(part)}\n\n`;
const lines = (parts: readonly object[]): string => parts.map(line).join("");
