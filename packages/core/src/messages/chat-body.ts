import type { AssistantMessage, Message, WireToolCall } from "./message.js";

/** The body of a chat request as it goes out. Open: fields this version does not name pass through. */
export interface ChatBody {
  model?: string | undefined;
  models?: string[] | undefined;
  messages: Message[];
  stream?: boolean | undefined;
  max_tokens?: number | undefined;
  provider?: Record<string, unknown> | undefined;
  tools?: unknown[] | undefined;
  tool_choice?: unknown;
  response_format?: unknown;
  plugins?: unknown[] | undefined;
  user?: string | undefined;
  [field: string]: unknown;
}

/** Usage as OpenRouter reports it. Numbers may be missing or malformed; readers check. */
export interface WireUsage {
  prompt_tokens?: number | undefined;
  completion_tokens?: number | undefined;
  total_tokens?: number | undefined;
  cost?: number | null | undefined;
  is_byok?: boolean | undefined;
  cost_details?: object | null | undefined;
  prompt_tokens_details?: object | null | undefined;
  completion_tokens_details?: object | null | undefined;
}

/** A piece of a tool call, in wire shape. */
export interface ToolCallDelta {
  index?: number | undefined;
  id?: string | null | undefined;
  type?: string | undefined;
  function?: { name?: string | null | undefined; arguments?: unknown } | undefined;
  /** A call of a tool that takes free text. */
  custom?: { name?: string | null | undefined; input?: unknown } | undefined;
}

/** What a chunk adds to the message. */
export interface ChunkDelta {
  role?: string | undefined;
  content?: string | null | undefined;
  reasoning?: string | null | undefined;
  reasoning_content?: string | null | undefined;
  reasoning_details?: unknown[] | null | undefined;
  refusal?: string | null | undefined;
  tool_calls?: ToolCallDelta[] | null | undefined;
  annotations?: unknown[] | null | undefined;
  images?: unknown[] | null | undefined;
  audio?: object | null | undefined;
}

/** One of the answers that a chunk speaks of; only the one with index 0 is read. */
export interface ChunkChoice {
  index?: number | undefined;
  delta?: ChunkDelta | undefined;
  finish_reason?: string | null | undefined;
  native_finish_reason?: string | null | undefined;
  logprobs?: unknown;
  error?: unknown;
}

/** One event of a chat stream, in wire shape. Everything may be missing; readers check what they use. */
export interface ChatChunk {
  id?: string | undefined;
  object?: string | undefined;
  created?: number | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  choices?: ChunkChoice[] | undefined;
  usage?: WireUsage | null | undefined;
  service_tier?: string | null | undefined;
  openrouter_metadata?: object | null | undefined;
  debug?: object | null | undefined;
  error?: unknown;
}

/** One of the answers of a whole answer; only the one with index 0 is read. */
export interface AnswerChoice {
  index?: number | undefined;
  message?:
    | (Omit<AssistantMessage, "role" | "tool_calls"> & { role?: string; tool_calls?: WireToolCall[] | null })
    | undefined;
  finish_reason?: string | null | undefined;
  native_finish_reason?: string | null | undefined;
  logprobs?: unknown;
  error?: unknown;
}

/** A whole chat answer, in wire shape. */
export interface ChatCompletion {
  id?: string | undefined;
  object?: string | undefined;
  created?: number | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  choices?: AnswerChoice[] | undefined;
  usage?: WireUsage | null | undefined;
  service_tier?: string | null | undefined;
  openrouter_metadata?: object | null | undefined;
  error?: unknown;
}
