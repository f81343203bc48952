import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonlLedger, type LedgerRecord } from "@signalbox/core/ledger";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { sourceProcess } from "../../core/test/source-process.js";
import { redisStores } from "../src/index.js";
import { simulatedModel } from "./bullmq-jobs.js";
import { hasRedis, redisForTests } from "./redis-server.js";

const STREAMS = 50;

describe.skipIf(!hasRedis)("a process that is told to stop", { timeout: 60_000 }, () => {
  const redis = redisForTests();

  test("with fifty live streams and a run ends by itself, everybody told and everything settled", async () => {
    const { simulator } = await simulatedModel();
    simulator.fault("stall", { after: 2, times: STREAMS + 1 });
    const folder = mkdtempSync(join(tmpdir(), "signalbox-shutdown-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "ledger.jsonl");
    const prefix = randomUUID();
    const { port } = redis();
    const args = [`${port}`, prefix, simulator.baseURL, file, "1500"];
    const web = sourceProcess(new URL("shutdown-program.ts", import.meta.url), args);
    const origin = `http://127.0.0.1:${await web.line()}`;
    const post = (path: string, body: object) =>
      fetch(origin + path, {
        method: "POST",
        headers: { "content-type": "application/json", connection: "close" },
        body: JSON.stringify(body),
      });

    const { runId } = (await (await post("/decks?follow=0", {})).json()) as { runId: string };
    const asking = Array.from({ length: STREAMS }, () => post("/chat", { prompt: "Signals", stream: true }));
    const answers = await Promise.all(asking);
    const texts = Promise.all(answers.map((answer) => answer.text()));
    await simulator.waitFor(() => simulator.requests.filter(({ events }) => events >= 2).length === STREAMS + 1);

    web.kill("SIGTERM");
    expect(await web.line()).toBe("stopping");
    const late = await post("/chat", { prompt: "Signals" });
    expect([late.status, late.headers.get("retry-after")]).toEqual([503, "1"]);
    for (const text of await texts) {
      expect(text.match(/^event: error$/gm)).toHaveLength(1);
      expect(text).toContain('"message":"the server is shutting down"');
    }
    expect(await web.line()).toBe("settled");
    expect(await web.exited).toEqual([0, null]);

    const records: LedgerRecord[] = [];
    for await (const record of jsonlLedger(file).records?.() ?? []) records.push(record);
    expect(records.map(({ outcome }) => outcome)).toEqual(Array.from({ length: STREAMS + 1 }, () => "aborted"));
    const billed = simulator.requests.reduce((sum, { cost = 0 }) => sum + Math.round(cost * 1e9), 0);
    expect(records.reduce((sum, { usd = 0 }) => sum + Math.round(usd * 1e9), 0)).toBe(billed);

    const client = new Redis(port, "127.0.0.1");
    onTestFinished(() => client.disconnect());
    const { budgetStore, runStore, ...stores } = redisStores(client, { prefix });
    onTestFinished(() => stores.close());
    expect(await client.zcard(`{${prefix}}:budget:reservations`)).toBe(0);
    const [counter = ""] = (await client.keys(`{${prefix}}:budget:*`)).filter((key) => key.includes("all"));
    expect(Math.round(Number(await client.get(counter)) * 1e9)).toBe(billed);
    expect((await runStore.read(runId, 0)).at(-1)).toMatchObject({
      final: true,
      data: { code: "aborted", retryable: true, nextStep: "two" },
    });
    expect(await runStore.lease(runId, 1, "another process")).toBe(true);
    expect(await budgetStore.reserve([], "none")).toEqual({ ok: true });
  });
});
