import { randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { sourceProcess } from "../../core/test/source-process.js";
import type { Flights } from "./flight-program.js";
import { hasRedis, redisForTests } from "./redis-server.js";

/** A model that answers when it is told to. */
async function heldModel() {
  const open: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume().once("end", () => open.push(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const asked = async (count: number) => {
    while (open.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  const answer = (at: number, status = 200) => {
    const choices = [{ index: 0, message: { role: "assistant", content: `answer ${at}` }, finish_reason: "stop" }];
    const body = status === 200 ? { id: `gen-${at}`, choices } : { error: { code: status, message: "no" } };
    open[at]?.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`, open, asked, answer };
}

describe.skipIf(!hasRedis)("equal calls of two processes", { timeout: 60_000 }, () => {
  const redis = redisForTests();

  async function setUp(claimMs = 10_000) {
    const model = await heldModel();
    const prefix = `{${randomUUID()}}`;
    const flights: Flights = { redis: redis().url, prefix, baseURL: model.baseURL, claimMs };
    const start = async () => {
      const started = sourceProcess(new URL("flight-program.ts", import.meta.url), [JSON.stringify(flights)]);
      expect(await started.line()).toBe("ready");
      return { ...started, said: async () => JSON.parse(await started.line()) as Record<string, unknown> };
    };
    const [a, b] = await Promise.all([start(), start()]);
    const watching = new Redis(redis().url);
    onTestFinished(() => watching.disconnect());
    /** Until so many processes wait for an answer. */
    const waiting = async (count: number) => {
      for (let heard = 0; heard < count; ) heard = Number((await watching.pubsub("NUMSUB", `${prefix}:flights`))[1]);
    };
    /** Until the right was renewed so many times. */
    const renewed = async (times: number) => {
      const [claim = ""] = await watching.keys(`${prefix}:flight:*`);
      for (let seen = 0, before = 0; seen < times; ) {
        const left = await watching.pttl(claim);
        expect(left).not.toBe(-2);
        if (left > before + 5) seen += 1;
        before = left;
      }
    };
    return { ...model, a, b, waiting, renewed };
  }

  test("ask the model once, and all have its answer", async () => {
    const { a, b, open, asked, answer, waiting } = await setUp();
    a.say("trains");
    await asked(1);
    for (const each of [a, b, b, a]) each.say("trains");
    await waiting(2);
    answer(0);
    const said = [await a.said(), await a.said(), await a.said(), await b.said(), await b.said()];
    expect(said.map(({ text }) => text)).toEqual(Array(5).fill("answer 0"));
    expect(said.filter(({ fromCache }) => fromCache === true)).toHaveLength(4);
    expect(open).toHaveLength(1);
  });

  test("in a storm ask the model once for each question, whoever comes first", async () => {
    const { a, b, open, answer } = await setUp();
    const questions = Array.from({ length: 12 }, (_, at) => `question ${at}`);
    for (let round = 0; round < 8; round++) for (const question of questions) [a, b][round % 2]?.say(question);
    const said: Record<string, unknown>[] = [];
    const hear = async (each: typeof a) => {
      for (let heard = 0; heard < questions.length * 4; heard++) said.push(await each.said());
    };
    const heard = Promise.all([hear(a), hear(b)]);
    // Answered in another order than asked.
    for (let at = 0; said.length < questions.length * 8; await new Promise((resolve) => setImmediate(resolve)))
      if (open.length > at) answer(at++);
    await heard;
    expect([open.length, said.filter(({ fromCache }) => fromCache === true).length]).toEqual([12, 84]);
    expect(new Set(said.map(({ text }) => text)).size).toBe(12);
  });

  test("go on by themselves when the one that asked has failed", async () => {
    const { a, b, asked, answer, waiting } = await setUp();
    a.say("trains");
    await asked(1);
    b.say("trains");
    await waiting(1);
    answer(0, 400);
    await asked(2);
    answer(1);
    expect(await a.said()).toEqual({ code: "invalid_request" });
    expect(await b.said()).toEqual({ text: "answer 1", fromCache: false });
  });

  test("are taken over by one other when the one that asked is called off", async () => {
    const { a, b, open, asked, answer, waiting } = await setUp();
    a.say("trains");
    await asked(1);
    for (const each of [b, b, b]) each.say("trains");
    await waiting(1);
    a.say("stop");
    await asked(2);
    await waiting(1);
    answer(1);
    const said = [await b.said(), await b.said(), await b.said()];
    expect(said.map(({ fromCache }) => fromCache).toSorted()).toEqual([false, true, true]);
    expect([await a.said(), open.length]).toEqual([{ code: "aborted" }, 2]);
  });

  test("are taken over by one other when the process that asked is killed", async () => {
    const { a, b, open, asked, answer, waiting } = await setUp(300);
    a.say("trains");
    await asked(1);
    for (const each of [b, b]) each.say("trains");
    await waiting(1);
    a.kill("SIGKILL");
    await a.exited;
    await asked(2);
    answer(1);
    const said = [await b.said(), await b.said()];
    expect(said.map(({ text }) => text)).toEqual(["answer 1", "answer 1"]);
    expect([said.filter(({ fromCache }) => fromCache).length, open.length]).toEqual([1, 2]);
  });

  test("wait for a slow one for as long as it lives: its right is renewed", async () => {
    const { a, b, open, asked, answer, waiting, renewed } = await setUp(100);
    a.say("trains");
    await asked(1);
    b.say("trains");
    await waiting(1);
    await renewed(5);
    answer(0);
    expect([await a.said(), await b.said()]).toEqual([
      { text: "answer 0", fromCache: false },
      { text: "answer 0", fromCache: true },
    ]);
    expect(open).toHaveLength(1);
  });
});
