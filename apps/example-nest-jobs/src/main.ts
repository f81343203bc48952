import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { NestFactory } from "@nestjs/core";
import { WebModule, WorkerModule } from "./app.module.js";
import { connectModel } from "./model.js";
import { connectRedis } from "./redis.js";

const role = process.argv[2] ?? "web";
if (role !== "web" && role !== "worker") {
  console.error(`"${role}" is neither web nor worker.`);
  process.exit(2);
}
const redis = await connectRedis();
const stop = await (role === "web" ? startWeb() : startWorker());
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await stop();
    await redis.close();
  });
}

async function startWeb(): Promise<() => Promise<void>> {
  const app = await NestFactory.create(WebModule.with(redis), {
    logger: ["error", "warn"],
    forceCloseConnections: true,
  });
  const server = await app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
  console.log(`Nest jobs on http://127.0.0.1:${(server.address() as AddressInfo).port}; Ctrl+C ends it.`);
  return () => app.close();
}

async function startWorker(): Promise<() => Promise<void>> {
  const model = await connectModel();
  const app = await NestFactory.createApplicationContext(WorkerModule.with(redis, model.llm), {
    logger: ["error", "warn"],
  });
  console.log(`A worker is ready; ${model.answers} answers. Ctrl+C ends it.`);
  return async () => {
    await app.close();
    await model.close();
  };
}
