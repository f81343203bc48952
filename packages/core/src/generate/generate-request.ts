import type { CacheControl, Message } from "../messages/message.js";
import type { FunctionTool, ServerTool, Tool } from "../tools/tool-types.js";
import type { Step } from "./generate-result.js";

/** Seven of OpenRouter's words for how hard to think; others pass through. */
export type ReasoningEffort = "max" | "xhigh" | "high" | "medium" | "low" | "minimal" | "none" | (string & {});

export interface ReasoningOptions {
  effort?: ReasoningEffort | undefined;
  maxTokens?: number | undefined;
  /** Think, but do not send the thoughts. */
  exclude?: boolean | undefined;
  enabled?: boolean | undefined;
  summary?: "auto" | "concise" | "detailed" | undefined;
}

/** Percentile thresholds, as OpenRouter takes them. */
export interface Percentiles {
  p50?: number | undefined;
  p75?: number | undefined;
  p90?: number | undefined;
  p99?: number | undefined;
}

/** Which providers may serve a call, and in which order. Sent as `provider`. */
export interface ProviderRouting {
  order?: string[] | undefined;
  only?: string[] | undefined;
  ignore?: string[] | undefined;
  allowFallbacks?: boolean | undefined;
  requireParameters?: boolean | undefined;
  dataCollection?: "allow" | "deny" | undefined;
  zdr?: boolean | undefined;
  enforceDistillableText?: boolean | undefined;
  sort?:
    | "price"
    | "throughput"
    | "latency"
    | "exacto"
    | (string & {})
    | { by: string; partition?: "model" | "none" | undefined }
    | undefined;
  /** USD per million tokens. */
  maxPrice?:
    | {
        prompt?: number | undefined;
        completion?: number | undefined;
        request?: number | undefined;
        image?: number | undefined;
        audio?: number | undefined;
      }
    | undefined;
  quantizations?: string[] | undefined;
  preferredMinThroughput?: number | Percentiles | undefined;
  preferredMaxLatency?: number | Percentiles | undefined;
}

export interface RetryOptions {
  /** Further attempts after the first. @default 2 */
  maxRetries?: number | undefined;
  /** @default 500 */
  baseDelayMs?: number | undefined;
  /** @default 8_000 */
  maxDelayMs?: number | undefined;
  /** The longest wait in all; a hint beyond it fails at once with `retryAfterMs`. @default 30_000 */
  maxTotalMs?: number | undefined;
}

/** Clocks in milliseconds; 0 switches one off; merged key by key over the client's. */
export interface TimeoutOptions {
  /** Until the socket is ready. @default 10_000 */
  connectMs?: number | undefined;
  /** Until the first text, reasoning or call delta. @default off for streams, 600_000 otherwise */
  firstTokenMs?: number | undefined;
  /** Between any two bytes. @default 60_000 */
  idleMs?: number | undefined;
  /** Waiting and retries included. @default off */
  totalMs?: number | undefined;
}

/** Judged after every step; true ends the loop. */
export type StopCondition = (state: { steps: readonly Step[] }) => boolean | Promise<boolean>;

/** What one call asks for. Exactly one of `prompt` and `messages`. Neither is mutated. */
export interface GenerateRequest {
  prompt?: string | undefined;
  messages?: readonly Message[] | undefined;
  /** Put before the messages. */
  system?: string | undefined;
  /** @default the client's */
  model?: string | undefined;
  /** Tried by OpenRouter in this order when the model fails before its first token. */
  fallbackModels?: readonly string[] | undefined;
  temperature?: number | undefined;
  maxTokens?: number | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  minP?: number | undefined;
  topA?: number | undefined;
  seed?: number | undefined;
  stop?: string | readonly string[] | undefined;
  frequencyPenalty?: number | undefined;
  presencePenalty?: number | undefined;
  repetitionPenalty?: number | undefined;
  logitBias?: Record<string, number> | undefined;
  logprobs?: boolean | undefined;
  topLogprobs?: number | undefined;
  reasoning?: ReasoningOptions | undefined;
  tools?: readonly (Tool | FunctionTool | ServerTool)[] | undefined;
  toolChoice?: "auto" | "none" | "required" | { name: string } | object | undefined;
  parallelToolCalls?: boolean | undefined;
  /** The most turns of the tool loop. @default 8 */
  maxSteps?: number | undefined;
  stopWhen?: StopCondition | readonly StopCondition[] | undefined;
  /** What happens when the steps run out while the model still calls tools. @default "throw" */
  onMaxSteps?: "throw" | "return" | "answer" | undefined;
  /** A tool that throws is reported to the model, or ends the call with `tool`. @default "report" */
  onToolError?: "report" | "throw" | undefined;
  /** Answers to calls that need approval, by call id: true, or the reason of the refusal. */
  approvals?: Readonly<Record<string, true | string>> | undefined;
  routing?: ProviderRouting | undefined;
  plugins?: readonly object[] | undefined;
  modalities?: readonly string[] | undefined;
  audio?: { voice: string; format: string } | undefined;
  cache?: "auto" | CacheControl | undefined;
  /** A stable id of your end user. */
  user?: string | undefined;
  sessionId?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  serviceTier?: string | undefined;
  verbosity?: "low" | "medium" | "high" | "xhigh" | "max" | (string & {}) | undefined;
  preset?: string | undefined;
  /** Further wire fields; wins over typed options, never over policy, `stream` or `messages`. */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** Further request headers; authorization, host and content-length are refused. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Aborting it closes upstream and rejects with `aborted`. */
  signal?: AbortSignal | undefined;
  timeouts?: TimeoutOptions | undefined;
  retry?: false | RetryOptions | undefined;
}
