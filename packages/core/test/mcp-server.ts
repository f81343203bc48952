import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";

/** What a running tool of the test's server may do. */
export interface Call {
  name: string;
  arguments: Record<string, unknown>;
  signal: AbortSignal;
  progress(told: { progress: number; total?: number; message?: string }): Promise<void>;
}

interface Listed {
  name: string;
  description?: string;
  inputSchema: { type: "object"; [keyword: string]: unknown };
  annotations?: { destructiveHint?: boolean };
}

export const noArguments = { type: "object" } as const;

/** A real server with the given pages of tools and a client that is connected to it, both in this process. */
export async function mcpServer(
  pages: readonly (readonly Listed[])[],
  answer: (call: Call) => CallToolResult | Promise<CallToolResult> = () => ({ content: [] }),
) {
  const calls: Call[] = [];
  const cursors: (string | undefined)[] = [];
  const server = new Server({ name: "test", version: "1.0.0" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    cursors.push(params?.cursor);
    const page = Number(params?.cursor ?? 0);
    const next = page + 1 < pages.length ? { nextCursor: String(page + 1) } : {};
    return { tools: [...(pages[page] ?? [])], ...next };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const { progressToken } = params._meta ?? {};
    const call: Call = {
      name: params.name,
      arguments: params.arguments ?? {},
      signal: extra.signal,
      async progress(told) {
        if (progressToken === undefined) throw new Error("nobody asked for progress");
        await extra.sendNotification({ method: "notifications/progress", params: { progressToken, ...told } });
      },
    };
    calls.push(call);
    return answer(call);
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  onTestFinished(() => client.close());
  return { client, server, calls, cursors };
}
