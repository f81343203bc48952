// A web process whose chats are started, followed and stopped over one Redis. It says its port.
import type { AddressInfo } from "node:net";
import { LLMClient } from "@signalbox/core";
import { chatRouter, llmErrorHandler, llmMiddleware } from "@signalbox/express";
import express from "express";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { redisStores } from "../src/index.js";

export interface ChatProgram {
  client: "ioredis" | "node-redis";
  url: string;
  prefix: string;
  baseURL: string;
  leaseMs?: number;
}

const { client, url, prefix, baseURL, leaseMs } = JSON.parse(process.argv[2] ?? "") as ChatProgram;
const redis =
  client === "ioredis"
    ? new Redis(url, { retryStrategy: () => 20 })
    : createClient({ url, socket: { reconnectStrategy: () => 20 } });
redis.on("error", () => {});
if ("isOpen" in redis) await redis.connect();
const { runStore } = redisStores(redis, { prefix });
const llm = new LLMClient({ env: false, provider: "custom", baseURL, retry: false, model: "dictated" });
const app = express();
app.use(llmMiddleware(llm, (req) => ({ user: req.get("x-user") ?? "nobody" })));
const chats = { store: runStore, onDisconnect: "continue", leaseMs } as const;
app.use("/chat", chatRouter(chats));
app.use("/ui-chat", chatRouter({ ...chats, format: "ui-message" }));
app.use(llmErrorHandler());
const server = app.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
