import type { LLM } from "../client/llm.js";
import type { JsonSchema } from "../structured/schema.js";
import type { ToolCall } from "./tool-types.js";

/** What a repair may use. */
export interface RepairContext {
  /** What is wrong: the arguments are no JSON object, or the validator's issues. */
  error: string;
  /** The parameters of the tool as they went out. */
  schema: JsonSchema;
  /** For a call of the repair's own: charged to the same user and budgets, and aborted with this call. */
  llm: LLM;
  signal: AbortSignal;
}

/**
 * Mends the arguments of a call that cannot be executed as it stands.
 *
 * Shape: gives JSON text or an object in place of the arguments, undefined to leave them. What it gives is checked
 * like any other arguments: what does not fit is never executed, and the model is told of the first mistake. Mended
 * arguments replace the wrong ones in `arguments` and in the message that goes back, so that whoever approves the
 * call approves what will run; `rawArguments` keeps what the model wrote. A warning `tool_call_repaired` tells.
 * Asked for: at most once for a call, for tools with `execute` only; not for an answer that was cut at the token
 * limit, and not for calls that are resumed with `approvals`.
 * Throws: what it throws counts as a failure of the tool, as `onToolError` says. Cancels: nobody waits for it after
 * an abort.
 */
export type RepairToolCall = (
  call: Readonly<ToolCall>,
  context: RepairContext,
) => string | Record<string, unknown> | undefined | Promise<string | Record<string, unknown> | undefined>;
