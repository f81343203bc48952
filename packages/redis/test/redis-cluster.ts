import { Cluster, Redis } from "ioredis";
import { createCluster } from "redis";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { freePort } from "../../core/test/free-port.js";
import type { RedisClient } from "../src/connection/redis-client.js";
import type { ClientName } from "./open-client.js";
import { hasRedis, type RedisServer, startRedis } from "./redis-server.js";

const SLOTS = 16_384;

/** Masters of one cluster on 127.0.0.1, each with an equal part of the slots, in their order. */
export async function startCluster(masters: number): Promise<RedisServer[]> {
  const servers: RedisServer[] = [];
  const admins: Redis[] = [];
  try {
    const buses: number[] = [];
    for (let at = 0; at < masters; at += 1) {
      // By itself a node takes its own port + 10,000, which may be none.
      const bus = await freePort();
      const args = ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-port", String(bus)];
      const server = await startRedis({ args });
      buses.push(bus);
      servers.push(server);
      admins.push(new Redis(server.url));
    }
    for (const [at, admin] of admins.entries()) {
      const [from, to] = [at, at + 1].map((part) => Math.ceil((SLOTS * part) / masters)) as [number, number];
      await admin.call("CLUSTER", "SET-CONFIG-EPOCH", String(at + 1));
      await admin.call("CLUSTER", "ADDSLOTSRANGE", String(from), String(to - 1));
    }
    for (const [at, { port }] of servers.entries())
      if (at > 0) await admins[0]?.call("CLUSTER", "MEET", "127.0.0.1", String(port), String(buses[at]));
    for (const admin of admins) {
      while (!(await isWhole(admin, masters))) await new Promise((resolve) => setImmediate(resolve));
    }
    return servers;
  } catch (error) {
    for (const server of servers) await server.stop();
    throw error;
  } finally {
    for (const admin of admins) admin.disconnect();
  }
}

async function isWhole(admin: Redis, masters: number): Promise<boolean> {
  const info = String(await admin.call("CLUSTER", "INFO"));
  return info.includes("cluster_state:ok") && info.includes(`cluster_size:${masters}`);
}

/** A cluster for all tests of the file; nothing where there is no Redis. */
export function clusterForTests(masters: number): () => RedisServer[] {
  let servers: RedisServer[] = [];
  beforeAll(async () => {
    if (hasRedis) servers = await startCluster(masters);
  }, 30_000);
  afterAll(() => Promise.all(servers.map((server) => server.stop())));
  return () => servers;
}

/** A client of the cluster, as its user makes it of one node's address, for the length of the test. */
export async function clusterClient(name: ClientName, { url, port }: RedisServer): Promise<RedisClient> {
  if (name === "ioredis") {
    const client = new Cluster([{ host: "127.0.0.1", port }]);
    onTestFinished(() => client.disconnect());
    return client;
  }
  const client = createCluster({ rootNodes: [{ url }] });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}
