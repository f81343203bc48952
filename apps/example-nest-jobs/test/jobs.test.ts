import type { StepEvent } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasRedis, redisForTests } from "../../../packages/redis/test/redis-server.js";
import { failedStart, startExample } from "./start-example.js";

const KEY = "sk-or-v1-example-jobs";

test("says which Redis is missing, and which word it does not know", async () => {
  expect(await failedStart(["web"], { REDIS_URL: "redis://127.0.0.1:1" })).toEqual([
    1,
    "No Redis at 127.0.0.1:1. Start one (redis-server), or set REDIS_URL.\n",
  ]);
  expect(await failedStart(["wbe"], {})).toEqual([2, '"wbe" is neither web nor worker.\n']);
});

// Each test starts several processes.
describe.skipIf(!hasRedis)("Nest jobs", { timeout: 60_000 }, () => {
  const redis = redisForTests();

  async function setUp() {
    const simulator = await startSimulator({ keys: [KEY] });
    onTestFinished(() => simulator.close());
    const env = { REDIS_URL: redis().url };
    const web = async () => (/http:\S+\d/.exec(await startExample("web", env).line("http://")) ?? [""])[0];
    const worker = async () => {
      const started = startExample("worker", {
        ...env,
        OPENROUTER_API_KEY: KEY,
        OPENROUTER_BASE_URL: simulator.baseURL,
        OPENROUTER_MODEL: "openai/gpt-4o-mini",
      });
      await started.line("OpenRouter answers");
      return started;
    };
    const [a, b] = await Promise.all([web(), web()]);
    const post = (body: object) =>
      fetch(`${a}/reports`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const begin = async () => {
      const answer = await post({ topic: "bees" });
      expect(answer.status).toBe(202);
      return answer.headers.get("location") as string;
    };
    const asked = (part: string) => simulator.waitFor(({ prompt }) => prompt.includes(part));
    const paid = () => simulator.requests.filter(({ status }) => status === 200).length;
    return { simulator, a, b, post, begin, worker, asked, paid };
  }

  async function told(url: string, lastEventId?: number): Promise<StepEvent[]> {
    const answer = await fetch(url, {
      headers: lastEventId === undefined ? {} : { "last-event-id": `${lastEventId}` },
    });
    const data = [...(await answer.text()).matchAll(/^data: (\{.*)$/gm)];
    return data.map(([, json]) => JSON.parse(json as string) as StepEvent);
  }

  test("a run that one process starts is told by another, from any event on", async () => {
    const { a, b, begin, worker, paid } = await setUp();
    const path = await begin();
    const all = told(b + path);
    await worker();
    expect((await all).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await all).at(-1)).toMatchObject({ status: "completed", progress: 100, final: true });
    expect(await told(a + path, 5)).toEqual((await all).slice(5));
    expect(paid()).toBe(5);
  });

  test("a run is stopped from another process, with the model's answer", async () => {
    const { simulator, a, b, begin, worker, asked } = await setUp();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.includes("What is argued") });
    const path = await begin();
    const all = told(a + path);
    await worker();
    const call = await asked("What is argued");
    expect((await fetch(b + path, { method: "DELETE" })).status).toBe(204);
    expect((await call.closed).state).toBe("closed-by-client");
    expect((await all).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
  });

  test("a worker that is deployed hands its run on, and followers see one run", async () => {
    const { simulator, b, begin, worker, asked, paid } = await setUp();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.includes("What comes next") });
    const path = await begin();
    const all = told(b + path);
    const first = await worker();
    await asked("What comes next");
    await first.stop();
    await worker();
    const events = await all;
    expect(events.filter(({ final }) => final)).toEqual([events.at(-1)]);
    expect(events.at(-1)).toMatchObject({ status: "completed", final: true });
    expect(paid()).toBe(5);
  });

  test("refuses what is no topic, and runs that do not exist", async () => {
    const { a, post } = await setUp();
    for (const body of [{}, { topic: "" }, { topic: "bees", model: "openai/gpt-4o" }])
      expect((await post(body)).status).toBe(400);
    expect((await fetch(`${a}/reports/none`)).status).toBe(404);
    expect((await fetch(`${a}/reports/none`, { method: "DELETE" })).status).toBe(404);
  });
});
