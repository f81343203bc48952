import { postgresLedger } from "@signalbox/core/ledger";
import { redisStores } from "@signalbox/redis";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { connectModel } from "./model.js";
import type { Settings } from "./settings.js";

export type Engines = Awaited<ReturnType<typeof openEngines>>;

/** What every process of the service opens: Redis for what is shared now, PostgreSQL for what is kept, the client. */
export async function openEngines({ redisUrl, databaseUrl }: Settings) {
  const redis = new Redis(redisUrl);
  const pool = new Pool({ connectionString: databaseUrl });
  // Both reconnect by themselves; without a listener their complaints would end the process.
  redis.on("error", (error) => console.error(`Redis: ${error.message}`));
  pool.on("error", (error) => console.error(`PostgreSQL: ${error.message}`));

  const stores = redisStores(redis);
  const { budgetStore, limitStore, responseCache } = stores;
  const ledger = postgresLedger(pool);
  const model = await connectModel({ budgetStore, limitStore, responseCache, ledger, model: "openai/gpt-4o-mini" });

  return {
    ...model,
    redis,
    stores,
    ledger,
    /** Calls first, then what they write to. */
    async close(graceMs: number) {
      await model.close(graceMs);
      await ledger.close?.();
      await stores.close();
      await pool.end();
      redis.disconnect();
    },
  };
}
