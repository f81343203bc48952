import type { Attempt } from "../errors/llm-error.js";
import type { AssistantMessage, Message } from "../messages/message.js";
import type { OpenRouterCacheAnswer, RouterMetadata } from "../messages/router-metadata.js";
import type { ResolvedModel } from "../models/model-types.js";
import type { ToolCall } from "../tools/tool-types.js";
import type { Cost, Usage } from "../usage/usage.js";

/** Why an answer ended, in one vocabulary for all providers; `rawFinishReason` has upstream's word. */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "error" | "unknown";

/** Something worth knowing that is not a failure. */
export interface Warning {
  code: string;
  message: string;
}

/** In wire shape: a `url_citation`, a parsed `file`, or a kind this version does not name. */
export type Annotation = {
  type: string;
  /** A source on the web. The places in the text may both be 0, the title empty. */
  url_citation?: { url: string; title?: string; content?: string; start_index?: number; end_index?: number };
  /** A parsed document; sent back with its message it is not parsed, nor paid for, again. */
  file?: { hash: string; name?: string; content?: unknown[] };
  [field: string]: unknown;
};
/** In wire shape: `{ type: "image_url", image_url: { url } }`; the URL is usually a data URL. */
export type Image = { type?: string; image_url?: { url: string }; [field: string]: unknown };

/** Sound that the model made. */
export interface AudioAnswer {
  /** The whole of it in base64. */
  data: string;
  /** What is said in it. */
  transcript?: string | undefined;
  /** As it was asked for: `wav`, `mp3`, …; `unknown` where nobody said. */
  format: string;
}

/** How an answer came to be, besides the answer. */
export interface AnswerFacts {
  /** What served it: `default`, `flex` or `priority`, where told. */
  serviceTier?: string | undefined;
  /** How it was routed; asked for with `routerMetadata: true`. */
  routerMetadata?: RouterMetadata | undefined;
  /** Whether it came out of OpenRouter's store of answers; told with `openRouterCache`. */
  openRouterCache?: OpenRouterCacheAnswer | undefined;
  /** The client's own `responseCache` gave it: nothing was sent, and it cost nothing. Of a result: all steps are such. */
  fromCache?: true | undefined;
  /** One for each provider that was tried, in wire shape; asked for with `debug`, streams only. Holds the prompt. */
  debug?: readonly object[] | undefined;
}

/** How long a call took, in milliseconds. */
export interface Timing {
  /** From the call to the first text, reasoning or call delta, in milliseconds. */
  firstTokenMs?: number | undefined;
  totalMs: number;
}

/** What one request of the loop gave. */
export interface Step extends AnswerFacts {
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
 * `toolCalls`, the finish words, `model`, `servedBy`, `generationId`, `serviceTier`, `routerMetadata`,
 * `openRouterCache` and `debug` are the last step's.
 */
export interface GenerateResult extends AnswerFacts {
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
