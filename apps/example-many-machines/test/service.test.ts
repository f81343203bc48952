import { startSimulator } from "@signalbox/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { hasPostgres, type PostgresServer, startPostgres } from "../../../packages/core/test/postgres-server.js";
import { hasRedis, redisForTests } from "../../../packages/redis/test/redis-server.js";
import { refusal, startProcess } from "./start-service.js";

const KEY = "sk-or-v1-example-many-machines";
const ann = { authorization: "Bearer ann-token", "content-type": "application/json" };
const tom = { ...ann, authorization: "Bearer tom-token" };
const question = { prompt: "Why do canals have locks?", stream: true };

const post = (url: string, body: object, headers: Record<string, string> = ann) =>
  fetch(url, { method: "POST", headers, body: JSON.stringify(body) });

test.each(["main", "worker"] as const)(
  "without REDIS_URL and DATABASE_URL %s says what it needs, and ends",
  async (name) => {
    const [code, said] = await refusal(name, {});
    expect(code).toBe(1);
    expect(said).toContain("REDIS_URL is not set");
    expect(said).toContain("DATABASE_URL is not set");
    expect(said).not.toContain("    at ");
  },
);

describe.skipIf(!hasRedis || !hasPostgres)("several processes of the example", () => {
  const redis = redisForTests();
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  /** Processes that have one upstream, and what it sees. */
  async function start(...names: ("main" | "worker")[]) {
    const simulator = await startSimulator({ keys: [KEY] });
    onTestFinished(() => simulator.close());
    const env = {
      REDIS_URL: redis().url,
      DATABASE_URL: postgres.url,
      OPENROUTER_API_KEY: KEY,
      OPENROUTER_BASE_URL: simulator.baseURL,
    };
    const processes = await Promise.all(names.map((name) => startProcess(name, env)));
    return { simulator, processes, origins: processes.map(({ origin }) => origin) };
  }

  test("a chat that was begun on one is replayed by the other, and is nobody's without a token", async () => {
    const { origins } = await start("main", "main");
    const [a = "", b = ""] = origins;
    const begun = await post(`${a}/chat`, question);
    const told = await begun.text();
    const place = begun.headers.get("location") ?? "";
    const replayed = await fetch(`${b}${place}`, { headers: ann });
    expect([replayed.status, await replayed.text()]).toEqual([200, told]);
    expect((await fetch(`${b}${place}`)).status).toBe(401);
  });

  test("an answer goes on when its reader leaves, and DELETE at the other process closes it upstream", async () => {
    const { origins, simulator } = await start("main", "main");
    const [a = "", b = ""] = origins;
    simulator.fault("slow", { everyMs: 20 });
    const reader = new AbortController();
    const begun = await fetch(`${a}/chat`, {
      method: "POST",
      headers: ann,
      body: JSON.stringify(question),
      signal: reader.signal,
    });
    const place = begun.headers.get("location") ?? "";
    const follower = await fetch(`${b}${place}`, { headers: ann });
    reader.abort();
    const { events: before } = await simulator.waitFor(({ events }) => events > 0);
    await simulator.waitFor(({ events }) => events > before + 10);
    const stopped = await fetch(`${b}${place}`, { method: "DELETE", headers: ann });
    expect(stopped.status).toBe(204);
    await simulator.waitFor(({ state }) => state === "closed-by-client");
    expect(await follower.text()).toMatch(/"code":"aborted"[^\n]*\n\n(data: \[DONE\]\n\n)?$/);
  });

  test("a budget is one for both, and another user has another", async () => {
    const { origins, simulator } = await start("main", "main");
    const [a = "", b = ""] = origins;
    const first = await post(`${a}/chat`, question, tom);
    await first.text();
    const second = await post(`${b}/chat`, question, tom);
    expect([first.status, second.status]).toEqual([200, 402]);
    expect(await second.json()).toMatchObject({ error: { code: "budget_exceeded" } });
    const other = await post(`${b}/chat`, question);
    await other.text();
    expect([other.status, simulator.requests.length]).toEqual([200, 2]);
  });

  test("a job is made by the worker, told by a web process, and charged to who asked", async () => {
    const { origins, simulator } = await start("main", "worker");
    const [web = ""] = origins;
    const answer = await post(`${web}/jobs`, { topic: "Canals" });
    const { runId } = (await answer.json()) as { runId: string };
    expect([answer.status, answer.headers.get("location")]).toEqual([202, `/reports/${runId}`]);
    const told = await (await fetch(`${web}/reports/${runId}`, { headers: ann })).text();
    expect(told).toContain('"final":true');
    expect(told).toMatch(/"status":"completed"[^\n]*\n\ndata: \[DONE\]\n\n$/);
    expect(simulator.requests).toHaveLength(5);
    expect(simulator.requests.map(({ body }) => (body as { user?: string }).user)).toEqual(Array(5).fill("ann"));
  });
});
