// A web process whose steps are run, followed and stopped over one Redis. It says its port.
import type { AddressInfo } from "node:net";
import { definePipeline, LLMClient, step } from "@signalbox/core";
import { llmErrorHandler, stepsRouter } from "@signalbox/express";
import express from "express";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { redisStores } from "../src/index.js";

export interface StepsProgram {
  client: "ioredis" | "node-redis";
  url: string;
  prefix: string;
  baseURL: string;
  leaseMs?: number;
}

interface Topic {
  topic: string;
}

/** An outline and four slides, each one paid call. */
const deck = definePipeline<Topic>("deck", [
  step("outline", async ({ input, llm }) => (await llm.generate({ prompt: `Outline of ${input.topic}` })).text),
  step("slides", async ({ input, llm, item, progress }) => {
    const slides: string[] = [];
    for (const number of [1, 2, 3, 4]) {
      const ask = async () => (await llm.generate({ prompt: `Slide ${number} of ${input.topic}` })).text;
      slides.push(await item(`${number}`, ask));
      progress({ data: { number }, fraction: number / 4 });
    }
    return slides;
  }),
]);

const { client, url, prefix, baseURL, leaseMs } = JSON.parse(process.argv[2] ?? "") as StepsProgram;
const redis = client === "ioredis" ? new Redis(url) : await createClient({ url }).connect();
const { runStore } = redisStores(redis, { prefix });
const llm = new LLMClient({ env: false, apiKey: "sk-or-v1-steps", baseURL, retry: false, model: "openai/gpt-4o-mini" });
const app = express();
app.use("/decks", stepsRouter(deck, { client: llm, store: runStore, onDisconnect: "continue", leaseMs }));
app.use(llmErrorHandler());
const server = app.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
