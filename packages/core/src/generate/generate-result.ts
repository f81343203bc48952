import type { Attempt } from "../errors/llm-error.js";
import type { AssistantMessage, Message } from "../messages/message.js";
import type { ResolvedModel } from "../models/model-types.js";
import type { ToolCall } from "../tools/tool-types.js";
import type { Cost, Usage } from "../usage/usage.js";

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "error" | "unknown";

/** Something worth knowing that is not a failure. */
export interface Warning {
  code: string;
  message: string;
}

/** In wire shape: `url_citation`, `file` or a kind this version does not name. */
export type Annotation = { type: string; [field: string]: unknown };
/** In wire shape: `{ type: "image_url", image_url: { url } }`. */
export type Image = { type?: string; image_url?: { url: string }; [field: string]: unknown };

export interface AudioAnswer {
  /** Base64. */
  data: string;
  transcript?: string | undefined;
  format: string;
}

export interface Timing {
  /** From the call to the first text, reasoning or call delta, in milliseconds. */
  firstTokenMs?: number | undefined;
  totalMs: number;
}

/** What one request of the loop gave. */
export interface Step {
  text: string;
  reasoning: string;
  refusal?: string | undefined;
  message: AssistantMessage;
  toolCalls: ToolCall[];
  toolResults: { id: string; name: string; result: unknown; isError?: boolean | undefined }[];
  finishReason: FinishReason;
  rawFinishReason?: string | undefined;
  nativeFinishReason?: string | undefined;
  usage?: Usage | undefined;
  cost?: Cost | undefined;
  model: string;
  servedBy?: string | undefined;
  generationId?: string | undefined;
}

/**
 * What a call gave. Over several steps `usage`, `cost`, `attempts`, `warnings`, `annotations`, `images`,
 * `newMessages` and `timing.totalMs` cover all; `text` and `reasoning` are the concatenation; `message`,
 * `toolCalls`, the finish words, `model`, `servedBy` and `generationId` are the last step's.
 */
export interface GenerateResult {
  text: string;
  reasoning: string;
  refusal?: string | undefined;
  /** Verbatim; append it to the history. */
  message: AssistantMessage;
  /** Everything the loop added: answers of the model and of the tools, in order. */
  newMessages: Message[];
  /** Calls that have no answer yet. */
  toolCalls: ToolCall[];
  steps: Step[];
  annotations: Annotation[];
  images: Image[];
  audio?: AudioAnswer | undefined;
  logprobs?: unknown;
  /** The last answer in wire shape; for streams the last chunk. */
  raw: unknown;
  finishReason: FinishReason;
  rawFinishReason?: string | undefined;
  nativeFinishReason?: string | undefined;
  usage?: Usage | undefined;
  cost?: Cost | undefined;
  model: string;
  /** The provider that served it, as OpenRouter names it. */
  servedBy?: string | undefined;
  generationId?: string | undefined;
  resolvedModel: ResolvedModel;
  warnings: Warning[];
  attempts: Attempt[];
  timing: Timing;
}
