// A web process with everything that has to be settled before it ends. It ends by itself.
import type { AddressInfo } from "node:net";
import { definePipeline, step } from "@signalbox/core";
import { jsonlLedger } from "@signalbox/core/ledger";
import { chatHandler, llmErrorHandler, llmMiddleware, stepsRouter } from "@signalbox/express";
import express from "express";
import { Redis } from "ioredis";
import { redisStores } from "../src/index.js";

const [port = "", prefix = "", baseURL = "", ledgerFile = "", graceMs = ""] = process.argv.slice(2);
const redis = new Redis(Number(port), "127.0.0.1");
const stores = redisStores(redis, { prefix });
const ledger = jsonlLedger(ledgerFile);
const middleware = llmMiddleware({
  env: false,
  apiKey: "sk-or-v1-shutdown",
  baseURL,
  retry: false,
  model: "openai/gpt-4o-mini",
  budget: { usd: 10, per: "total", key: "all" },
  limits: { requestsPerMinute: 1_000, maxConcurrency: 100 },
  budgetStore: stores.budgetStore,
  limitStore: stores.limitStore,
  ledger,
});
const deck = definePipeline("deck", [
  step("one", () => "made"),
  step("two", async ({ llm }) => (await llm.stream({ prompt: "The second step" }).result).text),
]);
const app = express();
app.use(middleware);
app.post("/chat", chatHandler());
app.use("/decks", stepsRouter(deck, { store: stores.runStore, onDisconnect: "continue" }));
app.use(llmErrorHandler());
const server = app.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));

process.once("SIGTERM", async () => {
  console.log("stopping");
  await middleware.close({ graceMs: Number(graceMs) });
  server.close();
  server.closeIdleConnections();
  await middleware.client.settled();
  await ledger.close?.();
  await stores.close();
  await redis.quit();
  console.log("settled");
});
