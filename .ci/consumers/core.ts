import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AuthenticationError,
  type GenerateResult,
  LLMClient,
  LLMError,
  resolveModel,
  userMessage,
} from "@signalbox/core";
import { mcpTools } from "@signalbox/core/mcp";
import { pipeStream } from "@signalbox/core/node";
import { openaiClient } from "@signalbox/core/openai";
import { scriptedProvider } from "@signalbox/core/testing";
import { startSimulator } from "@signalbox/testing";
import { z } from "zod";

async function main(): Promise<void> {
  const simulator = await startSimulator({ seed: 1 });
  const llm = new LLMClient({
    apiKey: "sk-or-consumer",
    baseURL: simulator.baseURL,
    model: "openai/gpt-4o-mini",
    env: false,
  });

  const result: GenerateResult = await llm.generate({ messages: [userMessage("Signals and boxes")] });
  assert.ok(result.text.length > 0);
  assert.equal(typeof result.cost?.usd, "number");

  let streamed = "";
  for await (const text of llm.stream({ prompt: "Signals and boxes" })) streamed += text;
  assert.ok(streamed.length > 0);

  const { object } = await llm.generateStructured({ prompt: "A title", schema: z.object({ title: z.string() }) });
  const title: string = object.title;
  assert.equal(typeof title, "string");

  const server = createServer((_req, res) => void pipeStream(llm.stream({ prompt: "Through a server" }), res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  assert.ok((await response.text()).trimEnd().endsWith("data: [DONE]"));
  server.close();

  const completion = await openaiClient(llm).chat.completions.create({
    model: "openai/gpt-4o-mini",
    messages: [{ role: "user", content: "Through the official client" }],
  });
  assert.ok(completion.choices[0]?.message.content);

  const [weather] = await mcpTools({
    listTools: async () => ({ tools: [{ name: "weather", inputSchema: { type: "object" } }] }),
    callTool: async () => ({ content: [{ type: "text", text: "sunny" }] }),
  });
  assert.equal(weather?.name, "weather");

  assert.throws(
    () => new LLMClient({ env: false }),
    (error) => LLMError.is(error) && error.code === "missing_api_key" && !AuthenticationError.is(error),
  );
  assert.equal(resolveModel("openai/gpt-4o-mini").requested, "openai/gpt-4o-mini");
  assert.equal(typeof scriptedProvider, "function");

  await llm.close();
  await simulator.close();
  console.log("ok");
}

void main();
