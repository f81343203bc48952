import { Redis } from "ioredis";
import { createClient } from "redis";
import type { RedisClient } from "../src/connection/redis-client.js";

/** The two clients that users bring. */
export const CLIENTS = ["ioredis", "node-redis"] as const;
export type ClientName = (typeof CLIENTS)[number];

/** A client that is connected; it comes back quickly after an outage. */
export async function openClient(name: ClientName, url: string): Promise<{ client: RedisClient; close(): void }> {
  if (name === "ioredis") {
    const client = new Redis(url, { retryStrategy: () => 20 });
    await client.ping();
    return { client, close: () => client.disconnect() };
  }
  const client = createClient({ url, socket: { reconnectStrategy: () => 20 } });
  // As its documentation asks of every user.
  client.on("error", () => {});
  await client.connect();
  return { client, close: () => client.destroy() };
}
