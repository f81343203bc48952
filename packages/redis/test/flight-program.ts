// A process whose equal calls ask the model once: each line of its input is a prompt, or calls the last one off.
import { createInterface } from "node:readline";
import { LLMClient, LLMError } from "@signalbox/core";
import { Redis } from "ioredis";
import { redisResponseCache } from "../src/cache/redis-response-cache.js";
import { openRedisConnection } from "../src/connection/redis-connection.js";

export interface Flights {
  redis: string;
  prefix: string;
  baseURL: string;
  /** How long a process that is gone holds the others up. */
  claimMs: number;
}

const { redis, prefix, baseURL, claimMs } = JSON.parse(process.argv[2] ?? "") as Flights;
const connection = openRedisConnection(new Redis(redis));
const responseCache = redisResponseCache(connection, prefix, { singleFlight: true, claimMs });
const llm = new LLMClient({
  apiKey: "sk-or-v1-flights",
  baseURL,
  model: "a/b",
  env: false,
  retry: false,
  responseCache,
});

let caller = new AbortController();
createInterface({ input: process.stdin }).on("line", (prompt) => {
  if (prompt === "stop") {
    caller.abort();
    return;
  }
  caller = new AbortController();
  llm.generate({ prompt, responseCache: true, signal: caller.signal }).then(
    ({ text, fromCache = false }) => console.log(JSON.stringify({ text, fromCache })),
    (error) => console.log(JSON.stringify({ code: LLMError.is(error) ? error.code : String(error) })),
  );
});
console.log("ready");
