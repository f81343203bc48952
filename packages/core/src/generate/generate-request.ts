import type { ResponseCacheOptions } from "../cache/response-cache.js";
import type { CacheControl, Message } from "../messages/message.js";
import type { RepairToolCall } from "../tools/repair-tool-call.js";
import type { ServerTool } from "../tools/server-tools.js";
import type { CustomTool, FunctionTool, Tool } from "../tools/tool-types.js";
import type { Step } from "./generate-result.js";
import type { Plugin } from "./plugins.js";
import type { ProviderRouting } from "./provider-routing.js";
import type { ReasoningOptions } from "./reasoning-options.js";
import type { RetryOptions, TimeoutOptions } from "./request-timing.js";
import type {
  DebugOptions,
  OpenRouterCacheOptions,
  Prediction,
  PromptCacheOptions,
  StopServerToolsWhen,
  Trace,
  WebSearchOptions,
} from "./wire-options.js";

export type { Percentiles, ProviderRouting } from "./provider-routing.js";
export type { ReasoningEffort, ReasoningOptions } from "./reasoning-options.js";
export type { RetryOptions, TimeoutOptions } from "./request-timing.js";

/** Judged after every step; true ends the loop. */
export type StopCondition = (state: { steps: readonly Step[] }) => boolean | Promise<boolean>;

/**
 * What one call asks for. Exactly one of `prompt` and `messages`; neither is mutated. Nothing absent is sent: the
 * provider's own default holds. Options in wire shape (`plugins`, `trace`, …) are handed over as they are. What
 * OpenRouter takes beyond these options, such as `response_format`, goes through `extraBody`.
 *
 * Refused with `invalid_request` before anything is sent: an unknown key, with the nearest one named, and a value out
 * of its range.
 */
export interface GenerateRequest {
  /** One message of the user. */
  prompt?: string | undefined;
  /** The conversation in wire shape, at least one message. */
  messages?: readonly Message[] | undefined;
  /** Put before the messages. */
  system?: string | undefined;
  /**
   * An id with its variants (`openai/gpt-5:nitro`), a router (`openrouter/auto`), a preset (`@preset/name`), or both
   * (`openai/gpt-5@preset/name`). Always sent: price, budget and policy are judged on it. @default the client's
   */
  model?: string | undefined;
  /** Tried by OpenRouter in this order when the model fails before its first token; billed at the model that answers. */
  fallbackModels?: readonly string[] | undefined;
  /** 0 to 2. */
  temperature?: number | undefined;
  /** The longest answer in tokens, thoughts included, 1 or more. Sent as `max_tokens`. @default the client's */
  maxTokens?: number | undefined;
  /** The same bound under OpenAI's newer name; replaces `maxTokens`, which must not stand beside it. */
  maxCompletionTokens?: number | undefined;
  /** 0 to 1. */
  topP?: number | undefined;
  /** A whole number of 0 or more. */
  topK?: number | undefined;
  /** 0 to 1. */
  minP?: number | undefined;
  /** 0 to 1. */
  topA?: number | undefined;
  /** A whole number; the same request with the same seed should give the same answer, where the provider can. */
  seed?: number | undefined;
  /** Up to 4 texts that end the answer. */
  stop?: string | readonly string[] | undefined;
  /** -2 to 2. */
  frequencyPenalty?: number | undefined;
  /** -2 to 2. */
  presencePenalty?: number | undefined;
  /** 0 to 2; 1 is none. */
  repetitionPenalty?: number | undefined;
  /** From token id to -100 … 100. */
  logitBias?: Readonly<Record<string, number>> | undefined;
  /** The result has `logprobs`. */
  logprobs?: boolean | undefined;
  /** How many alternatives each of them has, 0 to 20. */
  topLogprobs?: number | undefined;
  reasoning?: ReasoningOptions | undefined;
  tools?: readonly (Tool | FunctionTool | CustomTool | ServerTool)[] | undefined;
  /** An object other than `{ name }` is sent as it is: `{ type: "openrouter:web_search" }` forces a server tool. */
  toolChoice?: "auto" | "none" | "required" | { name: string } | object | undefined;
  /** @default true upstream */
  parallelToolCalls?: boolean | undefined;
  /** The most turns of the tool loop. @default 8 */
  maxSteps?: number | undefined;
  stopWhen?: StopCondition | readonly StopCondition[] | undefined;
  /** What happens when the steps run out while the model still calls tools. @default "throw" */
  onMaxSteps?: "throw" | "return" | "answer" | undefined;
  /** A tool that throws is reported to the model, or ends the call with `tool`. @default "report" */
  onToolError?: "report" | "throw" | undefined;
  /** Mends arguments that are no JSON object or do not fit their tool's schema, before the model is told. */
  repairToolCall?: RepairToolCall | undefined;
  /**
   * Answers to calls that need approval, by call id: true, or the reason of the refusal. Where the model's thoughts are
   * signed, the turn stays at the provider that served it; messages that came back as JSON do not say which: name it in
   * `routing.only` then.
   */
  approvals?: Readonly<Record<string, true | string>> | undefined;
  /** Steps of OpenRouter's own tool loop, 1 to 30. @default 30 upstream */
  maxToolCalls?: number | undefined;
  /** In wire shape; takes the place of `maxToolCalls`. */
  stopServerToolsWhen?: readonly StopServerToolsWhen[] | undefined;
  routing?: ProviderRouting | undefined;
  /** In wire shape. */
  plugins?: readonly Plugin[] | undefined;
  /** What the answer may be made of: `text`, `image`, `audio`. */
  modalities?: readonly ("text" | "image" | "audio" | (string & {}))[] | undefined;
  /** With `modalities: ["text", "audio"]`; OpenRouter sends sound in streams only. */
  audio?: { voice: string; format: "wav" | "mp3" | "flac" | "opus" | "pcm16" | (string & {}) } | undefined;
  /** In wire shape, by model: `aspect_ratio`, `quality`, `image_size`, … */
  imageConfig?: Readonly<Record<string, unknown>> | undefined;
  /** In wire shape. */
  webSearchOptions?: WebSearchOptions | undefined;
  /** In wire shape. */
  prediction?: Prediction | undefined;
  /**
   * Prompt caching for the whole request, in wire shape. `"auto"` marks it for vendors that cache only what is marked
   * (Anthropic, Google) and sends nothing to the others. Parts and tools may carry `cache_control` of their own.
   */
  cache?: "auto" | CacheControl | undefined;
  /** OpenAI's key for requests that share a prefix; OpenRouter keeps them on one provider. */
  promptCacheKey?: string | undefined;
  /** In wire shape. */
  promptCacheOptions?: PromptCacheOptions | undefined;
  /**
   * OpenRouter's store of whole answers: the same request by the same key is answered again for nothing, until its time
   * is up; `false` switches off what a preset switched on. What came of it is the result's `openRouterCache`.
   */
  openRouterCache?: boolean | OpenRouterCacheOptions | undefined;
  /**
   * The client's own `responseCache`. Without a word, answers are kept and given again where that is safe: at
   * temperature 0, without tools that are run here, server tools, searches and presets (which may search). `true`, or an
   * object, asks for it at every temperature and with a preset; `false` neither gives nor keeps. Sound, log
   * probabilities and calls of tools are never kept. A hit costs nothing and is marked with `fromCache`.
   */
  responseCache?: boolean | ResponseCacheOptions | undefined;
  /** The answer says how it was routed, as `routerMetadata` of the result. @default false */
  routerMetadata?: boolean | undefined;
  /** Features of Anthropic's to switch on (`interleaved-thinking-2025-05-14`); sent as `x-anthropic-beta`. */
  anthropicBeta?: string | readonly string[] | undefined;
  /** A stable id of your end user; OpenRouter hashes it before it goes on. */
  user?: string | undefined;
  /** Groups the requests of a conversation, up to 256 characters; OpenRouter keeps them on one provider. */
  sessionId?: string | undefined;
  /** At most 16 pairs, keys up to 64 and values up to 512 characters, the scope's included. */
  metadata?: Readonly<Record<string, string>> | undefined;
  /** In wire shape. */
  trace?: Trace | undefined;
  /** `flex` is cheaper and slower, `priority` (or `fast`) the other way; the result's `serviceTier` is what served. */
  serviceTier?: "auto" | "default" | "fast" | "flex" | "priority" | "scale" | (string & {}) | undefined;
  /** Anthropic's word for it: `fast` asks for the priority tier. */
  speed?: "fast" | "standard" | (string & {}) | undefined;
  verbosity?: "low" | "medium" | "high" | "xhigh" | "max" | (string & {}) | undefined;
  /**
   * Settings stored at OpenRouter under this name. Options of the call win over them, its model too: for the preset's
   * own model ask the model `@preset/name`.
   */
  preset?: string | undefined;
  /** In wire shape; streams only. */
  debug?: DebugOptions | undefined;
  /** Further wire fields; wins over typed options, never over policy, `stream` or `messages`. */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** Further request headers, over those of typed options; authorization, host and content-length are refused. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Aborting it closes upstream and rejects with `aborted`. */
  signal?: AbortSignal | undefined;
  timeouts?: TimeoutOptions | undefined;
  retry?: false | RetryOptions | undefined;
}
