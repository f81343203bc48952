import { createError } from "../errors/error-classes.js";
import type { NormalizedSchema } from "../structured/normalize-schema.js";
import { isTool } from "../tools/is-tool.js";
import type { ServerTool } from "../tools/server-tools.js";
import type { CustomTool, FunctionTool, Tool } from "../tools/tool-types.js";

type AnyTool = Tool | FunctionTool | CustomTool | ServerTool;

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

const wireName = (tool: { function?: { name?: string }; custom?: { name?: string } }) =>
  tool.function?.name ?? tool.custom?.name;

/** The names of all functions a request declares. */
export function declaredNames(tools: readonly AnyTool[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const tool of tools) {
    const name = isTool(tool) ? tool.name : wireName(tool as Partial<FunctionTool & CustomTool>);
    if (name === undefined) continue;
    if (names.has(name)) throw createError("invalid_request", `two tools are named "${name}"`);
    names.add(name);
  }
  return names;
}
