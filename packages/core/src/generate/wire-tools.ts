import { createError } from "../errors/error-classes.js";
import type { NormalizedSchema } from "../structured/normalize-schema.js";
import type { ServerTool } from "../tools/server-tools.js";
import { isTool } from "../tools/tool.js";
import type { FunctionTool, Tool } from "../tools/tool-types.js";
import type { GenerateRequest } from "./generate-request.js";

type AnyTool = Tool | FunctionTool | ServerTool;

/** Tools as they go out: ours become functions, the rest is passed through untouched. */
export function wireTools(tools: readonly AnyTool[], normalize: (tool: Tool) => NormalizedSchema): unknown[] {
  return tools.map((tool) =>
    isTool(tool)
      ? {
          type: "function",
          function: {
            name: tool.name,
            ...(tool.description === undefined ? {} : { description: tool.description }),
            parameters: normalize(tool).jsonSchema,
          },
        }
      : tool,
  );
}

/** The tool choice as it goes out: `{ name }` becomes a forced function. */
export function wireToolChoice(choice: GenerateRequest["toolChoice"]): unknown {
  if (typeof choice !== "object") return choice;
  return "name" in choice && !("type" in choice) ? { type: "function", function: { name: choice.name } } : choice;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** The names of all functions a request declares. */
export function declaredNames(tools: readonly AnyTool[]): ReadonlySet<string> {
  if (tools.length === 0) return NO_NAMES;
  const names = new Set<string>();
  for (const tool of tools) {
    const name = isTool(tool) ? tool.name : (tool as FunctionTool).function?.name;
    if (name === undefined) continue;
    if (names.has(name)) throw createError("invalid_request", `two tools are named "${name}"`);
    names.add(name);
  }
  return names;
}
