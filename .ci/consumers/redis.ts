import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { LLMClient } from "@signalbox/core";
import { sqliteLedger } from "@signalbox/core/ledger";
import { redisStores } from "@signalbox/redis";
import { pipelineProcessor } from "@signalbox/redis/bullmq";
import { startSimulator } from "@signalbox/testing";
import { Redis } from "ioredis";
import { createClient } from "redis";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function main(): Promise<void> {
  const port = await freePort();
  const server = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    {
      stdio: "ignore",
    },
  );
  const simulator = await startSimulator({ seed: 1 });
  const ledger = sqliteLedger(":memory:");
  const older = new Redis(port, "127.0.0.1");
  older.on("error", () => {});
  const newer = createClient({ url: `redis://127.0.0.1:${port}` });
  newer.on("error", () => {});
  await newer.connect();
  await older.ping();

  for (const stores of [redisStores(older), redisStores(newer, { prefix: "other" })]) {
    const { budgetStore, limitStore, responseCache } = stores;
    const llm = new LLMClient({
      apiKey: "sk-or-consumer",
      baseURL: simulator.baseURL,
      model: "openai/gpt-4o-mini",
      env: false,
      budget: { usd: 1, per: "day" },
      limits: { requestsPerMinute: 60 },
      budgetStore,
      limitStore,
      responseCache,
      ledger,
    });
    const first = await llm.generate({ prompt: "Signals and boxes", temperature: 0 });
    const again = await llm.generate({ prompt: "Signals and boxes", temperature: 0 });
    assert.equal(again.text, first.text);
    assert.ok((first.cost?.usd ?? 0) > 0);
    await llm.settled();
    await llm.close();
    await stores.close();
  }
  assert.equal(simulator.requests.length, 2);
  assert.equal(typeof pipelineProcessor, "function");

  await ledger.close?.();
  older.disconnect();
  newer.destroy();
  await simulator.close();
  server.kill();
  console.log("ok");
}

void main();
