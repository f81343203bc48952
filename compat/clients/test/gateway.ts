import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { LLMClient, type ScopeOptions, tool } from "@signalbox/core";
import { chatHandler, llmErrorHandler, llmMiddleware, openAICompatible } from "@signalbox/express";
import { ManualClock, type Simulator, startSimulator } from "@signalbox/testing";
import express, { type Request } from "express";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { TOOLS } from "./offered-tools.js";

/** Deep, because nothing may depend on where the router is mounted. */
const MOUNT = "/api/llm/v1";

const SCOPES = new Map<string, ScopeOptions>([
  ["sk-ann", { user: "ann", budget: { usd: 5, per: "day" } }],
  ["sk-poor", { user: "poor", budget: { usd: 0.000_000_001, per: "hour" } }],
  ["sk-eve", { user: "eve" }],
]);

/** A page has no tools of its own: the chat runs these. */
const tools = TOOLS.map(({ name, parameter, answer }) =>
  tool({ name, description: name, parameters: z.object({ [parameter]: z.string() }), execute: () => answer }),
);

const authorize = async (req: Request) => SCOPES.get(req.get("authorization")?.replace("Bearer ", "") ?? "") ?? false;

export interface Gateway {
  origin: string;
  baseURL: string;
  simulator: Simulator;
  /** The simulator's: what is slow waits until it is moved. */
  clock: ManualClock;
  client: LLMClient;
}

/** An Express server with the router and a chat for the length of the test, and OpenRouter behind it. */
export async function openGateway(page?: (app: express.Express) => void): Promise<Gateway> {
  const clock = new ManualClock();
  const simulator = await startSimulator({ seed: 1, clock });
  const client = new LLMClient({
    apiKey: "sk-or-v1-the-server-key",
    baseURL: simulator.baseURL,
    model: "openai/gpt-4o-mini",
    limits: { maxConcurrency: 100 },
    retry: false,
    env: false,
  });
  const app = express();
  app.use(MOUNT, openAICompatible({ client, authorize, models: ["openai/*", "nobody/*"] }));
  page?.(app);
  app.use("/api/chat", async (req, res, next) => {
    const scope = await authorize(req);
    if (scope === false)
      res.status(401).json({ error: { code: "authentication", message: "the credentials were refused" } });
    else llmMiddleware(client, scope)(req, res, next);
  });
  app.post("/api/chat", chatHandler({ format: "ui-message", accept: ["model"], request: () => ({ tools }) }));
  app.use(llmErrorHandler());
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await Promise.all([client.close(), simulator.close()]);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, baseURL: origin + MOUNT, simulator, clock, client };
}
