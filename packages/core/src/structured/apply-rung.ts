import type { GenerateRequest } from "../generate/generate-request.js";
import type { Plugin } from "../generate/plugins.js";
import { answerTool } from "./answer-tool.js";
import type { NormalizedSchema } from "./normalize-schema.js";
import type { JsonSchema, Strategy } from "./schema.js";
import { schemaInstruction } from "./schema-instruction.js";
import { withInstruction } from "./with-instruction.js";

export interface RungContext {
  schema: NormalizedSchema;
  /** The name of the tool whose arguments are the answer. */
  toolName: string;
  providerName: string;
  streaming: boolean;
  /** The service knows `response_format: { type: "json_object" }`. */
  jsonMode: boolean;
}

const HEALING = "response-healing";

/**
 * A request as one rung asks for its object. What the caller set stays: routing, plugins, tools, `extraBody`.
 *
 * Source: OpenRouter's `response_format`, `provider.require_parameters` and the response-healing plugin, which
 * works for whole answers only.
 */
export function applyRung(rung: Strategy, request: GenerateRequest, context: RungContext): GenerateRequest {
  const { schema } = context;
  if (rung === "json_schema_strict")
    return asFormat(request, schemaFormat(schema, true, schema.strictSchema ?? schema.jsonSchema), context);
  if (rung === "json_schema") return asFormat(request, schemaFormat(schema, false, schema.jsonSchema), context);
  if (rung === "tool") return asTool(request, context);
  const instructed = withInstruction(request, schemaInstruction(schema.jsonSchema));
  return context.jsonMode ? asFormat(instructed, { type: "json_object" }, context) : instructed;
}

function schemaFormat({ name, description }: NormalizedSchema, strict: boolean, schema: JsonSchema) {
  return {
    type: "json_schema",
    json_schema: { name, ...(description === undefined ? {} : { description }), strict, schema },
  };
}

function asFormat(request: GenerateRequest, format: { type: string }, context: RungContext): GenerateRequest {
  const asked = { ...request, extraBody: { response_format: format, ...request.extraBody } };
  if (context.providerName !== "openrouter") return asked;
  const routing = format.type === "json_schema" ? { routing: { requireParameters: true, ...request.routing } } : {};
  return { ...asked, ...routing, ...(context.streaming ? {} : { plugins: withHealing(request.plugins ?? []) }) };
}

function withHealing(plugins: readonly Plugin[]): readonly Plugin[] {
  return plugins.some(({ id }) => id === HEALING) ? plugins : [...plugins, { id: HEALING }];
}

/** With tools of the caller's own, the model may use those first; it only has to use one. */
function asTool(request: GenerateRequest, { schema, toolName }: RungContext): GenerateRequest {
  const answer = answerTool(toolName, schema);
  const own = request.tools ?? [];
  if (own.length === 0) return { ...request, tools: [answer], toolChoice: { name: toolName } };
  const open = request.toolChoice === undefined || request.toolChoice === "auto" || request.toolChoice === "none";
  return { ...request, tools: [...own, answer], toolChoice: open ? "required" : request.toolChoice };
}
