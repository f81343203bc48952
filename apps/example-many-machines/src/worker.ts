import { pipelineProcessor } from "@signalbox/redis/bullmq";
import { Worker } from "bullmq";
import { openEngines } from "./engines.js";
import { JOBS, report } from "./report.js";
import { readSettings } from "./settings.js";
import { scopeByName } from "./users.js";

await work().catch(fail);

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** A process without a port: takes reports from the queue and writes their runs, which every web process tells of. */
async function work(): Promise<void> {
  const engines = await openEngines(readSettings(process.env));
  const processor = pipelineProcessor(report, {
    llm: engines.llm,
    store: engines.stores.runStore,
    // A job carries a name and no token.
    scope: ({ name }) => scopeByName(name) ?? { budget: { usd: 0, per: "day" } },
  });
  // BullMQ waits for jobs on a connection that may wait as long as it takes.
  const connection = engines.redis.duplicate({ maxRetriesPerRequest: null });
  const worker = new Worker(JOBS, processor, { connection, concurrency: 4 });
  worker.on("error", (error) => console.error(`BullMQ: ${error.message}`));
  await worker.waitUntilReady();
  console.log(`Worker ready, process ${process.pid}; ${engines.answers} answers.`);

  const stop = async () => {
    await Promise.all([processor.close({ graceMs: 5_000 }), worker.close()]);
    connection.disconnect();
    // No call is under way: it is what the ones that were cut off have cost that is waited for.
    await engines.close(5_000);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop().catch(fail));
}
