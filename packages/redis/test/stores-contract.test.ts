import { describe, onTestFinished } from "vitest";
import { budgetStoreContract } from "../../core/test/budget-store-contract.js";
import { limitStoreContract } from "../../core/test/limit-store-contract.js";
import { redisBudgetStore } from "../src/budgets/redis-budget-store.js";
import { openRedisConnection, type RedisConnection } from "../src/connection/redis-connection.js";
import { redisLimitStore } from "../src/limits/redis-limit-store.js";
import { CLIENTS, type ClientName, connected } from "./redis-clients.js";
import { hasRedis, redisForTests } from "./redis-server.js";

const PREFIX = "{contract}";

async function connection(name: ClientName, url: string) {
  const opened = openRedisConnection(await connected(name, url));
  onTestFinished(() => opened.close());
  return opened;
}

/** A wall clock that a test moves on. */
function wall() {
  let passed = 0;
  const advance = (ms: number) => {
    passed += ms;
  };
  return { now: () => Date.now() + passed, advance };
}

/** Lets time pass for every key there is. */
async function age({ command }: Pick<RedisConnection, "command">, ms: number): Promise<void> {
  for (const key of (await command("KEYS", "*")) as string[]) {
    const left = Number(await command("PTTL", key));
    if (left >= 0) await command("PEXPIRE", key, left - ms);
  }
}

describe.skipIf(!hasRedis).each(CLIENTS)("over %s", (name) => {
  const redis = redisForTests();
  const reservationMs = 60_000;

  const budgets = async () => {
    const { now, advance } = wall();
    const open = async () => {
      const store = redisBudgetStore(await connection(name, redis().url), PREFIX, { now, reservationMs });
      onTestFinished(() => store.close());
      return store;
    };
    return { store: await open(), peer: await open(), now, advance };
  };
  budgetStoreContract("redisStores().budgetStore", budgets, { reservationMs });

  limitStoreContract("redisStores().limitStore", { windows: "fixed", passesMs: 2_000 }, async () => {
    const { now, advance } = wall();
    const [one, two] = [await connection(name, redis().url), await connection(name, redis().url)];
    await one.command("FLUSHALL");
    const open = (opened: RedisConnection) => redisLimitStore(opened, PREFIX, { now, date: now });
    const command = one.command.bind(one);
    return {
      store: open(one),
      peer: open(two),
      now,
      advance: async (ms) => {
        advance(ms);
        await age({ command }, ms);
      },
    };
  });
});
