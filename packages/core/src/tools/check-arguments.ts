import type { LLM } from "../client/llm.js";
import type { JsonSchema, Schema } from "../structured/schema.js";
import { parseArguments } from "./parse-arguments.js";
import type { RepairToolCall } from "./repair-tool-call.js";
import type { Tool, ToolCall } from "./tool-types.js";

/** A tool's parameters: how they went out, and what holds arguments to them. */
export interface Parameters {
  jsonSchema: JsonSchema;
  validate(
    value: unknown,
  ): Promise<{ ok: true; value: unknown } | { ok: false; issues: readonly { path: string; message: string }[] }>;
}

export interface CheckOptions {
  read: (parameters: Schema) => Parameters;
  repair: RepairToolCall | undefined;
  llm: LLM;
  signal: AbortSignal;
}

/** Arguments that may be executed, or what is wrong with them. */
export type CheckedArguments = { ok: true; args: unknown } | { ok: false; error: string };

/**
 * Holds the arguments of a call to its tool's schema and gives the caller's repair one chance where they do not fit.
 * The call is marked: `invalid` where nothing may be executed, new `arguments` and `repaired` where the repair helped.
 */
export async function checkArguments(call: ToolCall, tool: Tool, options: CheckOptions): Promise<CheckedArguments> {
  const parameters = options.read(tool.parameters);
  const first = await judge(call.invalid ? undefined : call.arguments, parameters);
  if (first.ok) return first;
  const mended = await repair(call, first.error, parameters.jsonSchema, options);
  const second = mended === undefined ? first : await judge(mended, parameters);
  if (second.ok) {
    delete call.invalid;
    call.arguments = mended;
    call.repaired = true;
    return second;
  }
  call.invalid = true;
  call.arguments = undefined;
  return first;
}

async function judge(value: Record<string, unknown> | undefined, parameters: Parameters): Promise<CheckedArguments> {
  if (value === undefined) return { ok: false, error: "the arguments are not a JSON object" };
  const checked = await parameters.validate(value);
  if (checked.ok) return { ok: true, args: checked.value };
  const issues = checked.issues.map(({ path, message }) => `${path || "root"}: ${message}`);
  return { ok: false, error: `the arguments are not valid: ${issues.join("; ")}` };
}

/** What the repair gives, as an object of its own; undefined where there is none. */
async function repair(
  call: ToolCall,
  error: string,
  schema: JsonSchema,
  { repair: ask, llm, signal }: CheckOptions,
): Promise<Record<string, unknown> | undefined> {
  if (ask === undefined) return undefined;
  const given = await ask({ ...call }, { error, schema, llm: llm.scope({ signal }), signal });
  if (given === undefined) return undefined;
  // Through text in either case: what is executed is what the history says, and no prototype comes along.
  const parsed = parseArguments(typeof given === "string" ? given : JSON.stringify(given));
  return parsed.ok ? parsed.value : undefined;
}
