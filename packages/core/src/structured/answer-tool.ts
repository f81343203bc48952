import type { FunctionTool } from "../tools/tool-types.js";
import type { NormalizedSchema } from "./normalize-schema.js";

const made = new WeakSet<object>();

/** A function whose arguments are the answer. */
export function answerTool(
  name: string,
  { description = "Gives the answer.", jsonSchema }: NormalizedSchema,
): FunctionTool {
  const tool: FunctionTool = { type: "function", function: { name, description, parameters: jsonSchema } };
  made.add(tool);
  return tool;
}

/** The name of the function that gives the answer, where tools hold one. */
export function answerToolName(tools: readonly object[] | undefined): string | undefined {
  const found = tools?.find((tool) => made.has(tool)) as FunctionTool | undefined;
  return found?.function.name;
}
