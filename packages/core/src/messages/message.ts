/** Marks a prefix that the provider may cache. */
export interface CacheControl {
  type: "ephemeral";
  ttl?: "5m" | "1h" | undefined;
}

/** Text. The marks end a prefix that may be cached: Anthropic's and Google's, and OpenAI's explicit one. */
export interface TextPart {
  type: "text";
  text: string;
  cache_control?: CacheControl | undefined;
  prompt_cache_breakpoint?: { mode: "explicit" } | undefined;
}
/** A picture by its https or data URL. */
export interface ImagePart {
  type: "image_url";
  image_url: { url: string; detail?: string | undefined };
  cache_control?: CacheControl | undefined;
}
/** Sound as base64 text; no provider takes an address. */
export interface AudioPart {
  type: "input_audio";
  input_audio: { data: string; format: string };
  cache_control?: CacheControl | undefined;
}
/** A video by its https or data URL. */
export interface VideoPart {
  type: "video_url";
  video_url: { url: string };
  cache_control?: CacheControl | undefined;
}
/** A document: `file_data` is an https or data URL, `file_id` names one that was uploaded. */
export interface FilePart {
  type: "file";
  file: { filename?: string | undefined; file_data?: string | undefined; file_id?: string | undefined };
  cache_control?: CacheControl | undefined;
}
/** A part of a kind this version does not name; it is sent as it is. */
export interface OtherPart {
  type: string;
}
/** One part of a message, in wire shape. */
export type ContentPart = TextPart | ImagePart | AudioPart | VideoPart | FilePart | OtherPart;

/** A tool call as it stands on the wire. `type` is `function` for everything this package executes. */
export interface WireToolCall {
  id: string;
  type: string;
  function?: { name: string; arguments: string } | undefined;
  index?: number | undefined;
}

/** Instructions for the model; text parts only. */
export interface SystemMessage {
  role: "system" | "developer";
  content: string | ContentPart[];
  name?: string | undefined;
}
/** What the user says. */
export interface UserMessage {
  role: "user";
  content: string | ContentPart[];
  name?: string | undefined;
}
/**
 * What the model said, verbatim: `reasoning_details`, `annotations` and `tool_calls` go back unchanged.
 */
export interface AssistantMessage {
  role: "assistant";
  content?: string | ContentPart[] | null | undefined;
  name?: string | undefined;
  refusal?: string | null | undefined;
  tool_calls?: WireToolCall[] | undefined;
  reasoning?: string | null | undefined;
  reasoning_content?: string | null | undefined;
  reasoning_details?: unknown[] | undefined;
  annotations?: unknown[] | undefined;
  images?: unknown[] | undefined;
  audio?: object | null | undefined;
  function_call?: object | null | undefined;
}
/** The answer to one tool call. */
export interface ToolMessage {
  role: "tool";
  tool_call_id: string;
  content: string | ContentPart[];
}
/** The legacy answer to a `function_call`; accepted and passed through. */
export interface FunctionMessage {
  role: "function";
  name: string;
  content: string | null;
}

/** A message of the conversation, in OpenRouter's own wire shape. Plain objects are equal citizens. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage;
