import { randomUUID } from "node:crypto";
import type { StreamEvent } from "@signalbox/core";
import { type EventsError, readEvents } from "@signalbox/core/browser";
import { describe, expect, test } from "vitest";
import { sourceProcess } from "../../core/test/source-process.js";
import type { ChatProgram } from "./chat-program.js";
import { dictatedModel } from "./dictated-model.js";
import { CLIENTS } from "./redis-clients.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import { switchedFront } from "./switched-front.js";

// Each test starts two processes.
describe.skipIf(!hasRedis)("chats of two processes", { timeout: 60_000 }, () => {
  const redis = redisForTests({ persist: true });

  /** Two web processes over one Redis, one by each client, and the model they ask. */
  async function twoProcesses(client: ChatProgram["client"] = "ioredis", leaseMs?: number) {
    const model = await dictatedModel();
    const common = { url: redis().url, prefix: randomUUID(), baseURL: model.baseURL, ...(leaseMs && { leaseMs }) };
    const start = async (by: ChatProgram["client"]) => {
      const program: ChatProgram = { ...common, client: by };
      const started = sourceProcess(new URL("chat-program.ts", import.meta.url), [JSON.stringify(program)]);
      return { ...started, origin: `http://127.0.0.1:${await started.line()}` };
    };
    const [a, b] = await Promise.all([start(client), start(client === "ioredis" ? "node-redis" : "ioredis")]);
    return { model, a, b };
  }

  const POST = { method: "POST", headers: { "content-type": "application/json" }, body: '{"prompt":"Hi"}' } as const;

  /** A page: what it was told so far, and how that ended. */
  function page(url: string, init: Parameters<typeof readEvents>[1] = POST) {
    const events: StreamEvent[] = [];
    const runs: string[] = [];
    let news = Promise.withResolvers<void>();
    const textOf = () => events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
    const ended = (async () => {
      const options = { ...init, delayMs: 1, onRun: (run: string) => runs.push(new URL(run).pathname) };
      for await (const event of readEvents<StreamEvent>(url, options)) {
        events.push(event);
        news.resolve();
      }
    })();
    ended.catch(() => {});
    return {
      events,
      runs,
      ended,
      textOf,
      async reads(text: string) {
        while (!textOf().includes(text)) {
          news = Promise.withResolvers();
          await Promise.race([news.promise, ended]);
        }
      },
    };
  }

  test.each(CLIENTS)(
    "a page that is sent from A (by %s) to B and back, in the middle of the answer, loses and repeats nothing",
    async (client) => {
      const { model, a, b } = await twoProcesses(client);
      const front = await switchedFront(a.origin);
      const reader = page(`${front.origin}/chat`);
      const answer = await model.next();
      let said = "";
      for (const [at, word] of ["The ", "signal ", "is ", "green, ", "the ", "line ", "is ", "clear."].entries()) {
        answer.say(word);
        said += word;
        // Whatever is said while nobody listens is not lost either.
        if (at % 3 !== 2) await reader.reads(said);
        if (at % 2 === 1) front.switchTo(at % 4 === 1 ? b.origin : a.origin);
      }
      answer.end();
      await reader.ended;
      expect(reader.textOf()).toBe(said);
      expect(reader.events.at(-1)).toMatchObject({ type: "finish", result: { text: said } });
      const run = reader.runs[0] ?? "";
      for (const { origin } of [a, b]) {
        const late = page(origin + run, {});
        await late.ended;
        expect(late.events).toEqual(reader.events);
      }
    },
  );

  test.each(CLIENTS)(
    "B stops what A (by %s) executes: A's upstream is closed, and everybody is told",
    async (client) => {
      const { model, a, b } = await twoProcesses(client);
      const reader = page(`${a.origin}/chat`);
      const answer = await model.next();
      answer.say("The signal");
      await reader.reads("The signal");
      const follower = page(b.origin + reader.runs[0], {});
      await follower.reads("The signal");
      expect((await fetch(b.origin + reader.runs[0], { method: "DELETE" })).status).toBe(204);
      await answer.closed;
      for (const { ended } of [reader, follower]) await expect(ended).rejects.toMatchObject({ code: "aborted" });
    },
  );

  test.each(CLIENTS)(
    "A (by %s) is killed in the middle: B tells what was kept, and that it was interrupted",
    async (client) => {
      const { model, a, b } = await twoProcesses(client, 1_000);
      const front = await switchedFront(a.origin);
      const reader = page(`${front.origin}/chat`);
      const answer = await model.next();
      answer.say("The signal");
      await reader.reads("The signal");
      a.kill("SIGKILL");
      await answer.closed;
      front.switchTo(b.origin);
      const followers = [page(b.origin + reader.runs[0], {}), page(b.origin + reader.runs[0], {})];
      for (const each of [reader, ...followers]) {
        const error = (await each.ended.catch((thrown: unknown) => thrown)) as EventsError;
        expect(error).toMatchObject({ code: "interrupted", retryable: true });
        expect(each.textOf()).toBe("The signal");
        expect(each.events).toEqual(reader.events);
      }
    },
  );

  test("a UI message stream that is asked for again is told again from its start, by whichever process", async () => {
    const { model, a, b } = await twoProcesses();
    const started = await fetch(`${a.origin}/ui-chat`, POST_FOLLOWED_LATER);
    const answer = await model.next();
    answer.say("The ");
    const run = started.headers.get("location");
    const early = fetch(b.origin + run);
    answer.say("signal");
    answer.end();
    const told = await (await early).text();
    expect((await early).headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    expect(told).toContain(`data: {"type":"start","messageId":"${run?.split("/").at(-1)}"}`);
    expect(await (await fetch(a.origin + run)).text()).toBe(told);
    expect(told.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  test("Redis is stopped in the middle: the starter reads on, and what was said meanwhile is there when it is back", async () => {
    const { model, a, b } = await twoProcesses();
    const reader = page(`${a.origin}/chat`);
    const answer = await model.next();
    answer.say("before ");
    await reader.reads("before");
    await redis().down();
    answer.say("meanwhile ");
    await reader.reads("meanwhile");
    await redis().up();
    answer.say("after");
    answer.end();
    await reader.ended;
    const late = page(b.origin + reader.runs[0], {});
    await late.ended;
    expect([reader.textOf(), late.textOf()]).toEqual(["before meanwhile after", "before meanwhile after"]);
    expect(late.events).toEqual(reader.events);
  });

  test("Redis is away from the start: a chat is answered live and says that it is not kept; the others are refused", async () => {
    const { model, a } = await twoProcesses();
    await redis().down();
    const reader = page(`${a.origin}/chat`);
    const answer = await model.next();
    answer.say("live");
    answer.end();
    await reader.ended;
    expect(reader.textOf()).toBe("live");
    expect(reader.events).toContainEqual(expect.objectContaining({ type: "warning" }));
    expect(reader.runs).toEqual([]);
    const refused = await fetch(`${a.origin}/chat?follow=0`, POST);
    expect(refused.status).toBe(503);
    const unread = await fetch(`${a.origin}/chat/0123456789abcdef`);
    expect(unread.status).toBe(503);
    await redis().up();
    while ((await fetch(`${a.origin}/chat/0123456789abcdef`)).status === 503);
    const kept = page(`${a.origin}/chat`);
    // The one that was refused has asked for nothing.
    const second = await model.next();
    second.say("kept");
    second.end();
    await kept.ended;
    expect([kept.textOf(), kept.runs.length]).toEqual(["kept", 1]);
  });
});

const POST_FOLLOWED_LATER = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: '{"prompt":"Hi","stream":false}',
} as const;
