import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import {
  definePipeline,
  jsonLogger,
  type LLM,
  LLMClient,
  type LLMClientOptions,
  runPipeline,
  startChatRun,
  step,
} from "@signalbox/core";
import { jsonlLedger, type Ledger, postgresLedger, sqliteLedger } from "@signalbox/core/ledger";
import { startSimulator } from "@signalbox/testing";
import { Redis } from "ioredis";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { hasPostgres, startPostgres } from "../../core/test/postgres-server.js";
import { recordTelemetry } from "../../core/test/telemetry-recorder.js";
import { enqueueGeneration, enqueueRun, generationProcessor, pipelineProcessor } from "../src/bullmq/index.js";
import { redisStores } from "../src/index.js";
import { jobQueue } from "./bullmq-jobs.js";
import { hasRedis, redisForTests } from "./redis-server.js";

/** Secrets of no form: only their value gives them away. */
const HOUSE_KEY = "kumquat-5e1f-aa07";
const TENANT_KEY = "quince-04bc-19d2";
const CALLER_KEY = "medlar-3c9e-61b8";
const HEADER = "tamarind-77ab-0d4e";
const PROMPT = "persimmon91c2";
const SECRETS = [HOUSE_KEY, TENANT_KEY, CALLER_KEY, HEADER];

const prompt = `Two sentences about ${PROMPT}`;
const headers = { "x-tenant": HEADER };
const asked = { prompt, headers };

/** Every kind of call, and what each ends with. */
async function callsOfEveryKind(llm: LLM): Promise<void> {
  const ended = (work: Promise<unknown>) => work.then(String, inspect);
  const left = async () => {
    for await (const _ of llm.stream(asked)) break;
  };
  await ended(llm.generate(asked));
  await ended(llm.generate({ ...asked, responseCache: true }));
  await ended(llm.generate({ ...asked, responseCache: true }));
  await ended(llm.stream(asked).result);
  await ended(left());
  await ended(llm.generateStructured({ ...asked, schema: z.object({ city: z.string() }) }));
  await ended(llm.streamStructured({ ...asked, schema: z.object({ city: z.string() }) }).result);
  await ended(llm.embed({ input: prompt, headers, model: "openai/text-embedding-3-small" }));
  await ended(llm.rerank({ query: prompt, documents: [prompt], headers, model: "cohere/rerank-v3.5" }));
  await ended(llm.generate({ ...asked, model: "nobody/nothing" }));
  await ended(llm.generate({ ...asked, temperature: prompt as never }));
  await ended(llm.scope({ budget: { usd: 1e-9, per: "day", key: "none" } }).generate(asked));
  await ended(llm.scope({ policy: { denyModels: ["openai/*"] } }).generate(asked));
  await ended(llm.account.key());
  const body = JSON.stringify({ model: "openai/gpt-4o-mini", messages: [{ role: "user", content: prompt }] });
  const relayed = { ...headers, authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" };
  await ended(
    llm
      .fetch(`${llm.baseURL}/chat/completions`, { method: "POST", headers: relayed, body })
      .then((answer) => answer.text()),
  );
}

/** One ledger of all kinds. */
function everyLedger(ledgers: readonly Ledger[]): Ledger {
  const all = async (write: (ledger: Ledger) => Promise<void> | undefined) => {
    await Promise.all(ledgers.map(write));
  };
  return {
    begin: (intent) => all((ledger) => ledger.begin(intent)),
    note: (id, generationId) => all((ledger) => ledger.note?.(id, generationId)),
    finish: (record) => all((ledger) => ledger.finish(record)),
    close: () => all((ledger) => ledger.close?.()),
  };
}

/** How what lies under a key is read, by its type. */
const READERS: Record<string, (redis: Redis, key: string) => Promise<unknown>> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hgetall(key),
  stream: (redis, key) => redis.xrange(key, "-", "+"),
  list: (redis, key) => redis.lrange(key, 0, -1),
  set: (redis, key) => redis.smembers(key),
  zset: (redis, key) => redis.zrange(key, "0", "-1"),
};

/** Everything a Redis holds, key by key. */
async function contents(redis: Redis): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const key of await redis.keys("*")) {
    const parts = JSON.stringify(await READERS[await redis.type(key)]?.(redis, key));
    // What is packed in some other way stands in the dump.
    const dump = (await redis.dumpBuffer(key))?.toString("latin1");
    found.set(key, `${key} ${parts} ${dump}`);
  }
  return found;
}

describe.skipIf(!hasRedis)("what every store holds after calls of every kind", { timeout: 60_000 }, () => {
  const redis = redisForTests();

  async function world() {
    const { port } = redis();
    const simulator = await startSimulator();
    const client = new Redis(port, "127.0.0.1");
    const prefix = randomUUID();
    const stores = redisStores(client, { prefix, singleFlight: true });
    const folder = mkdtempSync(join(tmpdir(), "signalbox-secrets-"));
    const postgres = hasPostgres ? await startPostgres() : undefined;
    const pool = postgres && new pg.Pool({ connectionString: postgres.url });
    const ledger = everyLedger([
      jsonlLedger(join(folder, "ledger.jsonl")),
      sqliteLedger(join(folder, "ledger.db")),
      ...(pool === undefined ? [] : [postgresLedger(pool)]),
    ]);
    const logged: string[] = [];
    const recorder = recordTelemetry();
    const { budgetStore, limitStore, responseCache, runStore } = stores;
    const options: LLMClientOptions = {
      env: false,
      apiKey: HOUSE_KEY,
      baseURL: simulator.baseURL,
      model: "openai/gpt-4o-mini",
      retry: { maxRetries: 1, baseDelayMs: 1 },
      budget: [
        { usd: 100, per: "day", unknownPrice: "allow" },
        { usd: 100, per: "total", unknownPrice: "allow" },
      ],
      limits: { requestsPerMinute: 1_000, maxConcurrency: 50 },
      budgetStore,
      limitStore,
      responseCache,
      ledger,
      breaker: { failures: 100 },
      logger: jsonLogger({ level: "debug", write: (line) => void logged.push(line) }),
      telemetry: recorder.telemetry,
    };
    const llm = new LLMClient(options);
    const heard: unknown[] = [];
    for (const event of ["usage", "retry", "warning"] as const)
      llm.on(event, (value: unknown) => void heard.push(value));
    const watching = await client.monitor();
    const commands: string[][] = [];
    watching.on("monitor", (_time: string, args: string[]) => void commands.push(args));
    onTestFinished(async () => {
      watching.disconnect();
      await pool?.end();
      await postgres?.stop();
      await simulator.close();
      client.disconnect();
      rmSync(folder, { recursive: true });
    });
    const files = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
    const rows = async () => JSON.stringify((await pool?.query("select * from signalbox_ledger"))?.rows ?? []);
    const metrics = async () => JSON.stringify(await recorder.metrics());
    const spans = () => inspect(recorder.spans(), { depth: 12, maxArrayLength: null, maxStringLength: null });
    return {
      simulator,
      llm,
      runStore,
      stores,
      client,
      prefix,
      ledger,
      logged,
      heard,
      commands,
      files,
      rows,
      metrics,
      spans,
    };
  }

  test("is no key and no header, and a prompt only where it belongs", async () => {
    const { simulator, llm, runStore, stores, client, prefix, ledger, logged, heard, commands, ...kept } =
      await world();
    const tenant = llm.scope({ user: "ann", apiKey: async () => TENANT_KEY });
    const pipeline = definePipeline<{ topic: string }>("sweep", [
      step("all", async ({ llm: own }) => callsOfEveryKind(own)),
      step("fails", async ({ llm: own }) => own.generate({ ...asked, model: "nobody/nothing" })),
    ]);
    for (const who of [llm, tenant]) {
      for (const fault of ["429", "503", "401", "html-502", "error-200", "midstream-error", "cut", "reset"] as const)
        simulator.fault(fault);
      await callsOfEveryKind(who);
      for await (const _ of runPipeline(pipeline, { topic: PROMPT }, { llm: who, store: runStore }));
      await startChatRun(who, asked, { store: runStore }).result;
    }
    const jobs = await jobQueue(redis());
    const scope = () => ({ user: "ann", apiKey: async () => TENANT_KEY });
    // A vault that fails may quote what it keeps.
    const noKey = () => ({ user: "eve", apiKey: () => Promise.reject(new Error(`the vault refuses ${TENANT_KEY}`)) });
    await callsOfEveryKind(llm.scope(noKey()));
    const broken = jobs.work(pipelineProcessor(pipeline, { llm, store: runStore, scope: noKey }));
    const refused = await enqueueRun(jobs.queue, { topic: PROMPT }, { store: runStore });
    await expect(jobs.result(refused.runId)).rejects.toThrow("the function `apiKey` failed");
    await broken.close();
    const worker = jobs.work(pipelineProcessor(pipeline, { llm, store: runStore, scope }));
    const run = await enqueueRun(jobs.queue, { topic: PROMPT }, { store: runStore, data: { tenant: "ann" } });
    await expect(jobs.result(run.runId)).rejects.toThrow("nobody/nothing");
    await worker.close();
    jobs.work(generationProcessor({ llm, store: runStore, scope, request: (_job, given) => ({ ...given, headers }) }));
    const chat = await enqueueGeneration(jobs.queue, { prompt }, { store: runStore });
    await jobs.result(chat.runId);
    await llm.settled();
    await ledger.close?.();

    const held = await contents(client);
    const sinks: Record<string, string> = {
      redis: [...held.values()].join("\n"),
      "the commands that Redis got": commands.flat().join("\n"),
      "files of the ledgers": kept.files().join("\n"),
      "rows of PostgreSQL": await kept.rows(),
      logs: logged.join("\n"),
      events: inspect(heard, { depth: 10, maxArrayLength: null }),
      spans: kept.spans(),
      metrics: await kept.metrics(),
    };
    // The sweep has swept something.
    expect(simulator.requests.length).toBeGreaterThan(40);
    expect(
      Object.entries(sinks).filter(([name, text]) => text.length < 500 && (hasPostgres || !name.includes("rows"))),
    ).toEqual([]);
    const found = Object.entries(sinks).flatMap(([name, text]) =>
      SECRETS.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${name}`),
    );
    expect(found).toEqual([]);

    // Runs keep their input and their answers, the cache answers: these may repeat what was asked. Nothing else does.
    const places = [...held].filter(([, text]) => text.includes(PROMPT)).map(([key]) => key);
    expect(places.length).toBeGreaterThan(0);
    expect(
      places.filter((key) => !key.startsWith(`{${prefix}}:run:`) && !key.startsWith(`{${prefix}}:cache:`)),
    ).toEqual([]);
    const { redis: _redis, "the commands that Redis got": _commands, ...elsewhere } = sinks;
    expect(
      Object.entries(elsewhere)
        .filter(([, text]) => text.includes(PROMPT))
        .map(([name]) => name),
    ).toEqual([]);
    await llm.close();
    await stores.close();
  });
});
