import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import { checkOptions } from "../generate/check-options.js";
import { kept, type OptionTable } from "../generate/option-table.js";
import { abortSignal, anyText, callable, either, flag, number } from "../generate/value-checks.js";
import { normalizeSchema } from "../structured/normalize-schema.js";
import { EventQueue } from "../tools/event-queue.js";
import { tool } from "../tools/tool.js";
import type { Tool, ToolContext } from "../tools/tool-types.js";
import type { McpClient, McpProgress, McpTool } from "./mcp-client.js";
import { readCallResult } from "./read-call-result.js";
import { toolNames } from "./tool-names.js";

/** Which tools of a server a model gets, and under which conditions. */
export interface McpToolsOptions {
  /** Put before every name, such as `github_`, so that the tools of several servers do not clash. */
  prefix?: string | undefined;
  /** Which of the server's tools the model gets. @default all */
  filter?: ((tool: McpTool) => boolean) | undefined;
  /** Which calls wait for `approvals`; told the server's own description of the tool. @default none */
  needsApproval?:
    | boolean
    | ((tool: McpTool, args: Record<string, unknown>, context: ToolContext) => boolean | Promise<boolean>)
    | undefined;
  /** The longest run of a call in milliseconds; 0 switches it off. @default 60_000 */
  timeoutMs?: number | undefined;
  /** Ends the listing. */
  signal?: AbortSignal | undefined;
}

const OPTIONS: OptionTable<McpToolsOptions> = {
  prefix: kept(anyText),
  filter: kept(callable),
  needsApproval: kept(either("true, false or a function", flag, callable)),
  timeoutMs: kept(number(0)),
  signal: kept(abortSignal),
};
const MOST_PAGES = 1_000;
/** The SDK has a clock of its own that cannot be switched off; ours is the one that counts. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * The tools of a server that speaks the Model Context Protocol, ready for `tools` of a request.
 *
 * Shape: one tool for each of the server's, from all pages of its list; the list is read once. Names keep to what
 * models may call (letters, digits, `_`, `-`, at most 64). `inputSchema` goes out as it is and arguments are held to
 * it before the server sees them. Structured content, else text, is the result; pictures, sound and files become
 * content parts; `isError` is a tool that threw; progress notifications become `tool-progress` events.
 * Units: `timeoutMs` in milliseconds.
 * Throws: what the client throws while it lists; `invalid_request` for a wrong option, and for a tool whose schema
 * cannot be used, by its name. A call throws as any tool does.
 * Cancels: an aborted call or a run-out clock cancels the request at the server.
 *
 * @param client - a connected `Client` of `@modelcontextprotocol/sdk`; it is never closed here
 */
export async function mcpTools(client: McpClient, options: McpToolsOptions = {}): Promise<Tool[]> {
  checkOptions("options", options, OPTIONS);
  const { prefix = "", filter = () => true } = options;
  const listed = (await listAll(client, options.signal)).filter(filter);
  const names = toolNames(
    listed.map(({ name }) => name),
    prefix,
  );
  return listed.map((one, position) => toTool(client, one, names[position] as string, options));
}

async function listAll(client: McpClient, signal: AbortSignal | undefined): Promise<McpTool[]> {
  const tools: McpTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const read = await client.listTools(cursor === undefined ? {} : { cursor }, signal === undefined ? {} : { signal });
    tools.push(...read.tools);
    // Some servers end the list with an empty cursor, or name the same one again.
    if (!read.nextCursor || read.nextCursor === cursor) return tools;
    cursor = read.nextCursor;
  }
  throw createError("invalid_request", `the MCP server's list of tools has more than ${MOST_PAGES} pages`);
}

function toTool(client: McpClient, listed: McpTool, name: string, options: McpToolsOptions): Tool {
  checkSchema(listed);
  const { needsApproval, timeoutMs = 60_000 } = options;
  return tool({
    name,
    description: listed.description ?? listed.title ?? listed.annotations?.title,
    parameters: listed.inputSchema,
    timeoutMs,
    needsApproval:
      typeof needsApproval === "function"
        ? (args, context) => needsApproval(listed, args as Record<string, unknown>, context)
        : needsApproval,
    execute: (args, { signal }) => callTool(client, listed.name, args as Record<string, unknown>, signal),
  });
}

/** One tool with a schema that cannot be sent would fail every call: better to hear of it here, by its name. */
function checkSchema({ name, inputSchema }: McpTool): void {
  try {
    normalizeSchema(inputSchema);
  } catch (error) {
    if (!LLMError.is(error)) throw error;
    throw createError("invalid_request", `the MCP tool "${name}" cannot be used: ${error.detail}`, {
      hint: "leave it out with `filter`",
      cause: error,
    });
  }
}

async function* callTool(
  client: McpClient,
  name: string,
  args: Record<string, unknown>,
  signal: AbortSignal,
): AsyncGenerator<McpProgress, unknown, void> {
  const progress = new EventQueue<McpProgress>();
  const work = client
    .callTool({ name, arguments: args }, undefined, {
      signal,
      timeout: NEVER_MS,
      onprogress: (told) => progress.push(told),
    })
    .finally(() => progress.close());
  // Awaited below; it may fail before.
  work.catch(() => {});
  for (let batch = await progress.take(); batch !== undefined; batch = await progress.take()) yield* batch;
  return readCallResult(await work);
}
