import { createError } from "../errors/error-classes.js";
import { unknownKeys } from "../generate/known-keys.js";
import { number } from "../generate/value-checks.js";
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
 * Throws: `invalid_request` for an unknown key, with the nearest known one, and for a `timeoutMs` that is no number of
 * 0 or more. What `execute` throws is reported to the model or, with `onToolError: "throw"`, ends the
 * call with `tool`.
 */
export function tool<S extends Schema, R>(definition: ToolDefinition<S, R>): Tool<S> {
  const where = `the tool "${definition.name}"`;
  const { timeoutMs } = definition;
  const wrongTime = timeoutMs === undefined ? undefined : checkTime(timeoutMs);
  const mistakes = unknownKeys(where, definition, TOOL_KEYS);
  if (wrongTime !== undefined) mistakes.push(`\`timeoutMs\` of ${where} ${wrongTime}`);
  if (mistakes.length > 0) throw createError("invalid_request", mistakes.join("; "));
  return { kind: "signalbox.tool", ...definition } as Tool<S>;
}

const checkTime = number(0);
/** `kind` too: a tool may be made of another one. */
const KEYS: Record<keyof Required<Tool>, true> = {
  kind: true,
  name: true,
  description: true,
  parameters: true,
  execute: true,
  needsApproval: true,
  timeoutMs: true,
};
const TOOL_KEYS = Object.keys(KEYS);
