// A web process whose steps are run, followed and stopped over one Redis. It says its port.
import type { AddressInfo } from "node:net";
import { LLMClient } from "@signalbox/core";
import { llmErrorHandler, stepsRouter } from "@signalbox/express";
import express from "express";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { redisStores } from "../src/index.js";
import { deck } from "./deck.js";

export interface StepsProgram {
  client: "ioredis" | "node-redis";
  url: string;
  prefix: string;
  baseURL: string;
  leaseMs?: number;
}

const { client, url, prefix, baseURL, leaseMs } = JSON.parse(process.argv[2] ?? "") as StepsProgram;
const redis = client === "ioredis" ? new Redis(url) : await createClient({ url }).connect();
const { runStore } = redisStores(redis, { prefix });
const llm = new LLMClient({ env: false, apiKey: "sk-or-v1-steps", baseURL, retry: false, model: "openai/gpt-4o-mini" });
const app = express();
app.use("/decks", stepsRouter(deck, { client: llm, store: runStore, onDisconnect: "continue", leaseMs }));
app.use(llmErrorHandler());
const server = app.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
