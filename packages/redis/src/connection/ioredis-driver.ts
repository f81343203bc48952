import { type Emitting, type IoredisClient, isIoredis } from "./redis-client.js";
import type { RedisDriver, RedisSubscriber, SubscriberEvents } from "./redis-driver.js";

/** What is called of a duplicate that listens. */
interface Listening extends IoredisClient, Emitting {
  readonly stream?: { unref?(): void } | undefined;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  disconnect(): void;
}

/** Over the user's `ioredis` client. */
export function ioredisDriver(client: IoredisClient): RedisDriver {
  const emitter = client as IoredisClient & Emitting;
  return {
    send: ([command = "", ...args]) => client.call(command, ...args),
    watch({ up, down }) {
      emitter.on("ready", up);
      emitter.on("close", down);
      // Without a listener the client prints each of its errors; the connection says what they come to.
      emitter.on("error", ignore);
      return () => {
        emitter.off("ready", up);
        emitter.off("close", down);
        emitter.off("error", ignore);
      };
    },
    subscriber: (events) => listen(client, events),
  };
}

const ignore = () => {};

function listen(client: IoredisClient, events: SubscriberEvents): RedisSubscriber {
  // Listened to again by us, so that it is known when that is done.
  const own = { autoResubscribe: false, maxRetriesPerRequest: null, enableOfflineQueue: true, lazyConnect: false };
  const duplicate = client.duplicate as (overrides?: object) => unknown;
  const connection = duplicate.call(client, client.isCluster === true ? undefined : own) as Listening;
  if (!isIoredis(connection)) throw new TypeError("the Redis client's duplicate() gave no client");
  const channels = new Set<string>();
  /** Whether a channel is not listened to that should be: the connection broke, or was never there. */
  let isBehind = false;
  const fallBehind = () => {
    isBehind = true;
  };
  connection.on("error", ignore);
  connection.on("message", (channel: string, message: string) => events.message(channel, message));
  connection.on("ready", () => {
    connection.stream?.unref?.();
    if (!isBehind) return;
    isBehind = false;
    if (channels.size === 0) return;
    // A connection that breaks meanwhile comes here again.
    connection.subscribe(...channels).then(() => events.resumed(), fallBehind);
  });
  connection.on("close", fallBehind);
  return {
    async add(channel) {
      channels.add(channel);
      try {
        await connection.subscribe(channel);
      } catch (error) {
        fallBehind();
        throw error;
      }
    },
    async remove(channel) {
      channels.delete(channel);
      await connection.unsubscribe(channel);
    },
    async close() {
      connection.disconnect();
    },
  };
}
