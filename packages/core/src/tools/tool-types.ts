import type { LLM } from "../client/llm.js";
import type { Infer, Schema } from "../structured/schema.js";

/** A call the model asks for. */
export interface ToolCall {
  /** Unique within the turn, made up where upstream sent none or one twice. */
  id: string;
  name: string;
  /** The parsed arguments; absent when they are not a whole object or do not validate. */
  arguments?: Record<string, unknown> | undefined;
  rawArguments: string;
  /** The arguments do not parse to an object or do not validate: the call is never executed. */
  invalid?: true | undefined;
  /** `arguments` are those of `repairToolCall`; `rawArguments` are the model's. */
  repaired?: true | undefined;
  /** The tool waits for `approvals[id]`. */
  needsApproval?: true | undefined;
}

/** What a running tool may use. */
export interface ToolContext {
  /** Aborts with the call, and after the tool's own `timeoutMs`. */
  signal: AbortSignal;
  call: ToolCall;
  /** For calls of the tool's own: charged to the same user and budgets as this call, and aborted with the tool. */
  llm: LLM;
}

/** A function the model may call; made by `tool()`. */
export interface Tool<S extends Schema = Schema> {
  readonly kind: "signalbox.tool";
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters: S;
  /** Returns the result, or is an async generator whose yields become progress and whose return value is the result. */
  readonly execute?: ((args: never, context: ToolContext) => unknown) | undefined;
  /** Whether a call waits for `approvals`. */
  readonly needsApproval?: boolean | ((args: never, context: ToolContext) => boolean | Promise<boolean>) | undefined;
  /** The longest run in milliseconds; off by default. */
  readonly timeoutMs?: number | undefined;
}

/** What `tool()` takes. */
export interface ToolDefinition<S extends Schema, R> {
  name: string;
  description?: string | undefined;
  parameters: S;
  /** Runs a call; yields of an async generator become `tool-progress` events. Without it, calls are handed to the caller. */
  execute?: ((args: Infer<S>, context: ToolContext) => R | Promise<R> | AsyncGenerator<unknown, R, void>) | undefined;
  /** Whether a call waits for `approvals`; a function decides by its arguments. @default false */
  needsApproval?: boolean | ((args: Infer<S>, context: ToolContext) => boolean | Promise<boolean>) | undefined;
  timeoutMs?: number | undefined;
}

/**
 * OpenAI's wire shape of a tool that takes free text; sent as it is and never executed. The text of a call is its
 * `rawArguments`. OpenRouter's chat completions do not know it.
 */
export interface CustomTool {
  type: "custom";
  custom: { name: string; description?: string | undefined; format?: object | undefined };
}

/** OpenAI's wire shape of a function; sent as it is and never executed. */
export interface FunctionTool {
  type: "function";
  function: {
    name: string;
    description?: string | undefined;
    parameters?: object | undefined;
    strict?: boolean | null | undefined;
  };
  cache_control?: object | undefined;
  /** Anthropic: stream the arguments before they are whole. */
  eager_input_streaming?: boolean | undefined;
}
