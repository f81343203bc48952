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
  readonly needsApproval?: boolean | ((args: never, context: ToolContext) => boolean | Promise<boolean>) | undefined;
  /** The longest run in milliseconds; off by default. */
  readonly timeoutMs?: number | undefined;
}

export interface ToolDefinition<S extends Schema, R> {
  name: string;
  description?: string | undefined;
  parameters: S;
  execute?: ((args: Infer<S>, context: ToolContext) => R | Promise<R> | AsyncGenerator<unknown, R, void>) | undefined;
  needsApproval?: boolean | ((args: Infer<S>, context: ToolContext) => boolean | Promise<boolean>) | undefined;
  timeoutMs?: number | undefined;
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
}

/** A tool that OpenRouter runs itself, such as `openrouter:web_search`; sent as it is. */
export interface ServerTool {
  type: `openrouter:${string}`;
  parameters?: object | undefined;
}
