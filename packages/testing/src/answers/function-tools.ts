import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { asSchema, type JsonSchema } from "../schema/json-schema.js";

/** A function tool of a request. */
export interface FunctionTool {
  name: string;
  description: string;
  parameters: JsonSchema;
}

/** The request's function tools; server tools (`openrouter:…`) are not among them. */
export function functionTools(tools: JsonValue | undefined): FunctionTool[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool) => {
    const definition =
      isJsonObject(tool) && tool.type === "function" && isJsonObject(tool.function) ? tool.function : undefined;
    if (!definition || typeof definition.name !== "string") return [];
    return [
      {
        name: definition.name,
        description: text(definition.description),
        parameters: asSchema(definition.parameters) ?? { type: "object" },
      },
    ];
  });
}

/** The one tool that `tool_choice` names. */
export function forcedToolName(body: JsonObject): string | undefined {
  const choice = body.tool_choice;
  if (!isJsonObject(choice) || choice.type !== "function") return undefined;
  const name = isJsonObject(choice.function) ? choice.function.name : choice.name;
  return typeof name === "string" ? name : undefined;
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
