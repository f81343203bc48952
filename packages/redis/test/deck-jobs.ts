import { LLMClient } from "@signalbox/core";
import { Redis } from "ioredis";
import { openRedisConnection } from "../src/connection/redis-connection.js";
import { redisRunStore } from "../src/runs/redis-run-store.js";

/** What the processes of a test agree on. */
export interface DeckJobs {
  port: number;
  queue: string;
  prefix: string;
  baseURL: string;
  /** How long a run of a worker that died keeps its place. */
  leaseMs?: number;
}

/** What a process of its own has: a store, a client and a connection for BullMQ. */
export function deckProcess({ port, prefix, baseURL }: DeckJobs) {
  const redis = new Redis(port, "127.0.0.1");
  const connection = openRedisConnection(redis);
  const store = redisRunStore(connection, prefix);
  const llm = new LLMClient({
    env: false,
    apiKey: "sk-or-v1-jobs",
    baseURL,
    retry: false,
    model: "openai/gpt-4o-mini",
  });
  return {
    store,
    llm,
    bullmq: { host: "127.0.0.1", port, maxRetriesPerRequest: null },
    async close() {
      await llm.close();
      await store.close();
      await connection.close();
      redis.disconnect();
    },
  };
}
