import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { StreamEvent } from "../src/index.js";
import { mcpTools } from "../src/mcp/index.js";
import { httpLoopback } from "./loopback.js";
import { scriptedClient } from "./scripted-client.js";

/** A server as the SDK's guide builds one: one transport for each request, no sessions. */
function cityServer() {
  const server = new McpServer({ name: "cities", version: "1.0.0" });
  server.registerTool(
    "population",
    {
      description: "How many people live in a city",
      inputSchema: { city: z.string() },
      outputSchema: { city: z.string(), people: z.number() },
    },
    async ({ city }, { _meta, sendNotification }) => {
      const { progressToken } = _meta ?? {};
      if (progressToken !== undefined)
        await sendNotification({ method: "notifications/progress", params: { progressToken, progress: 1 } });
      const structuredContent = { city, people: 717_710 };
      return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
    },
  );
  return server;
}

test("S18 tools of a server over streamable HTTP: listed, called, its progress heard", async () => {
  const { url } = await httpLoopback(async (request, response) => {
    const transport = new StreamableHTTPServerTransport({});
    const server = cityServer();
    response.on("close", () => void server.close());
    await server.connect(transport as Transport);
    await transport.handleRequest(request, response);
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)) as Transport);
  onTestFinished(() => client.close());

  const { llm, provider } = scriptedClient([
    { toolCalls: [{ name: "atlas_population", arguments: { city: "Oslo" }, id: "c1" }] },
    "717,710 people.",
  ]);
  const events: StreamEvent[] = [];
  const tools = await mcpTools(client, { prefix: "atlas_" });
  for await (const event of llm.stream({ prompt: "Oslo?", tools }).events) events.push(event);

  expect(provider.requests[0]?.tools).toMatchObject([
    {
      function: {
        name: "atlas_population",
        description: "How many people live in a city",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    },
  ]);
  expect(events.filter(({ type }) => type === "tool-progress" || type === "tool-result")).toMatchObject([
    { type: "tool-progress", name: "atlas_population", data: { progress: 1 } },
    { type: "tool-result", result: { city: "Oslo", people: 717_710 } },
  ]);
  expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "717,710 people." } });
});
