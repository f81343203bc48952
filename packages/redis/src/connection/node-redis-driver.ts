import { type Emitting, isNodeRedis, type NodeRedisClient, type NodeRedisCluster } from "./redis-client.js";
import type { RedisDriver, RedisSubscriber, SubscriberEvents } from "./redis-driver.js";

/** What is called of a duplicate that listens. */
interface Listening extends NodeRedisClient, Emitting {
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  unref?(): void;
  destroy(): void;
}

/** Over the user's `redis` client or cluster. */
export function nodeRedisDriver(client: NodeRedisClient | NodeRedisCluster): RedisDriver {
  const emitter = client as (NodeRedisClient | NodeRedisCluster) & Emitting;
  return {
    send: (args, key) => (isCluster(client) ? client.sendCommand(key, false, args) : client.sendCommand(args)),
    watch({ up, down }) {
      // A cluster is up while one of its nodes is: of that only silence tells.
      const onError = (error: Error) => {
        if (!isCluster(client) && !client.isReady) down(error);
      };
      emitter.on("ready", up);
      emitter.on("reconnecting", down);
      emitter.on("end", down);
      // Without a listener an error of the connection ends the process.
      emitter.on("error", onError);
      return () => {
        emitter.off("ready", up);
        emitter.off("reconnecting", down);
        emitter.off("end", down);
        emitter.off("error", onError);
      };
    },
    subscriber: (events) => listen(client, events),
  };
}

const isCluster = (client: NodeRedisClient | NodeRedisCluster): client is NodeRedisCluster => "masters" in client;

function listen(client: NodeRedisClient | NodeRedisCluster, events: SubscriberEvents): RedisSubscriber {
  const connection = client.duplicate() as Listening;
  if (!isNodeRedis(connection)) throw new TypeError("the Redis client's duplicate() gave no client");
  let isFirst = true;
  connection.on("error", () => {});
  // It listens again by itself, before it says that it is ready.
  connection.on("ready", () => {
    if (!isFirst) events.resumed();
    isFirst = false;
  });
  connection.unref?.();
  const connected = connection.connect();
  connected.catch(() => {});
  const tell = (message: string, channel: string) => events.message(channel, message);
  return {
    async add(channel) {
      await connected;
      await connection.subscribe(channel, tell);
    },
    async remove(channel) {
      await connected;
      await connection.unsubscribe(channel);
    },
    async close() {
      if (connection.isOpen) connection.destroy();
    },
  };
}
