import type { Schema } from "../structured/schema.js";
import type { Tool, ToolDefinition } from "./tool-types.js";

/**
 * Defines a function the model may call.
 *
 * Shape: `parameters` is a Standard Schema validator or a JSON Schema of an object; `execute(args, { signal, call,
 * llm })` returns the result, or is an async generator whose yields become `tool-progress` events. A text is sent as
 * it is, `toolContent()` as its parts, anything else as JSON. Without `execute` the call ends the loop and stands in
 * `result.toolCalls`.
 * Units: `timeoutMs` in milliseconds, off by default.
 * Throws: nothing here; what `execute` throws is reported to the model or, with `onToolError: "throw"`, ends the
 * call with `tool`.
 */
export function tool<S extends Schema, R>(definition: ToolDefinition<S, R>): Tool<S> {
  return { kind: "signalbox.tool", ...definition } as Tool<S>;
}

/** True for what `tool()` made, also by another install of this package. */
export function isTool(value: object): value is Tool {
  return (value as { kind?: unknown }).kind === "signalbox.tool";
}
