import { onTestFinished } from "vitest";
import type { RedisClient } from "../src/connection/redis-client.js";
import { type ClientName, openClient } from "./open-client.js";

export { CLIENTS, type ClientName, openClient } from "./open-client.js";

/** A client that is connected, for the length of the test. */
export async function connected(name: ClientName, url: string): Promise<RedisClient> {
  const { client, close } = await openClient(name, url);
  onTestFinished(close);
  return client;
}
