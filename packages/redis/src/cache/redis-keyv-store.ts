import type { KeyvStoreAdapter } from "keyv";
import type { RedisConnection } from "../connection/redis-connection.js";

/** Where a Keyv keeps its values: in Redis, over the user's own client, below `prefix`. */
export function redisKeyvStore(connection: RedisConnection, prefix: string): KeyvStoreAdapter {
  const at = (key: string) => `${prefix}${key}`;
  const store: KeyvStoreAdapter = {
    opts: { dialect: "redis" },
    async get<Value>(key: string) {
      return ((await connection.command("GET", at(key))) ?? undefined) as Value | undefined;
    },
    async set(key: string, value: string, ttlMs?: number) {
      const until = ttlMs === undefined ? [] : ["PX", Math.max(1, Math.round(ttlMs))];
      await connection.command("SET", at(key), value, ...until);
      return true;
    },
    delete: async (key) => Number(await connection.command("DEL", at(key))) > 0,
    async clear() {
      for (let cursor = "0"; ; ) {
        const reply = await connection.command("SCAN", cursor, "MATCH", `${escaped(prefix)}*`, "COUNT", 500);
        const [next, keys] = reply as [string, string[]];
        if (keys.length > 0) await connection.command("DEL", ...keys);
        cursor = next;
        if (cursor === "0") return;
      }
    },
    // Failures come out of the promises.
    on: () => store,
  };
  return store;
}

/** A text of a MATCH pattern that stands for nothing but itself. */
const escaped = (text: string) => text.replace(/[\\*?[\]]/g, "\\$&");
