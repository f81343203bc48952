import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Queue } from "bullmq";
import { openEngines } from "./engines.js";
import { JOBS } from "./report.js";
import { createService } from "./service.js";
import { readSettings } from "./settings.js";

await serve().catch(fail);

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** One web process; start as many as you like. */
async function serve(): Promise<void> {
  const engines = await openEngines(readSettings(process.env));
  const jobs = new Queue(JOBS, { connection: engines.redis });
  const service = createService(engines, jobs);
  const server = createServer(service.app).listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  console.log(`Many machines on http://127.0.0.1:${port}, process ${process.pid}; ${engines.answers} answers.`);

  const stop = async () => {
    server.close();
    await service.close(5_000);
    await jobs.close();
    await engines.close(5_000);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop().catch(fail));
}
