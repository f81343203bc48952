import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { chatHandler, getLLM, llmErrorHandler, llmMiddleware } from "@signalbox/express";
import "@signalbox/express/augment";
import { startSimulator } from "@signalbox/testing";
import express from "express";

async function main(): Promise<void> {
  const simulator = await startSimulator({ seed: 1 });
  const app = express();
  app.use(
    llmMiddleware({ apiKey: "sk-or-consumer", baseURL: simulator.baseURL, model: "openai/gpt-4o-mini", env: false }),
  );
  app.post("/chat", chatHandler());
  app.get("/title", (req, res, next) => {
    assert.equal(getLLM(req), req.llm);
    req.llm.generate({ prompt: "A title" }).then((result) => res.json({ title: result.text }), next);
  });
  app.use(llmErrorHandler());

  const server = app.listen(0, "127.0.0.1");
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const answer = (await (await fetch(`${origin}/title`)).json()) as { title: string };
  assert.ok(answer.title.length > 0);

  const stream = await fetch(`${origin}/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt: "Signals and boxes", stream: true }),
  });
  assert.match(stream.headers.get("content-type") ?? "", /^text\/event-stream/);
  assert.ok((await stream.text()).trimEnd().endsWith("data: [DONE]"));

  server.close();
  server.closeAllConnections();
  await simulator.close();
  console.log("ok");
}

void main();
