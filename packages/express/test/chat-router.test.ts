import { memoryRunStore, RateLimitError, type RunStore } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { type ChatRouterOptions, chatRouter } from "../src/index.js";
import { EXPRESS } from "./express-version.js";
import { readUntil } from "./read-until.js";
import { dictatedChat, runOf, scriptedChat, textOf } from "./routed-chats.js";
import { postJson } from "./serve.js";
import { readData, readEvents } from "./server-events.js";

describe(`POST / on ${EXPRESS}`, () => {
  test("answers with the stream, numbered, and names the run", async () => {
    const { base, store } = await scriptedChat(["Hello world"]);
    const answer = await postJson(base, { prompt: "Hi" });
    const text = await answer.text();
    const events = readEvents(text);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("location")).toMatch(/^\/chat\/[0-9a-f]{32}$/);
    expect(textOf(text)).toBe("Hello world");
    expect(events.map(({ id }) => id)).toEqual([
      ...events.slice(0, -1).map((_, index) => String(index + 1)),
      undefined,
    ]);
    expect(events.at(-1)?.data).toBe("[DONE]");
    expect(await store.read(runOf(answer), 0)).toHaveLength(events.length - 1);
  });

  test.each([
    ["JSON is all that is accepted", "", {}, { accept: "application/json" }],
    ["nobody wants to follow", "?follow=0", {}, {}],
    ["no stream is asked for", "", { stream: false }, {}],
  ])("answers 202 and the run's id where %s", async (_when, query, body, headers) => {
    const { base } = await scriptedChat(["Hello world"]);
    const answer = await postJson(base + query, { prompt: "Hi", ...body }, headers as Record<string, string>);
    const { runId } = (await answer.json()) as { runId: string };
    expect([answer.status, answer.headers.get("location")]).toEqual([202, `/chat/${runId}`]);
    expect(textOf(await (await fetch(`${base}/${runId}`)).text())).toBe("Hello world");
  });

  test("takes the bodies of a chat handler, and the server's part wins", async () => {
    const { base, provider } = await scriptedChat(["Hello"], {
      accept: ["temperature"],
      request: (req) => ({ system: `Speak ${req.query.lang}.`, temperature: 0 }),
    });
    await (await postJson(`${base}?lang=no`, { messages: [{ role: "user", content: "Hi" }], temperature: 2 })).text();
    expect(provider.requests[0]).toMatchObject({
      temperature: 0,
      messages: [
        { role: "system", content: "Speak no." },
        { role: "user", content: "Hi" },
      ],
    });
    for (const body of [{ prompt: "Hi", tools: [] }, {}, { prompt: "Hi", stream: "yes" }, "no JSON"]) {
      const refused = await postJson(base, body);
      expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: "invalid_request" } }]);
    }
    expect(provider.requests).toHaveLength(1);
  });

  test("answers what fails before the first word with its status, without a run to follow", async () => {
    const heard: unknown[] = [];
    const replies = [new RateLimitError("rate_limit", "slow down")];
    const { base } = await scriptedChat(replies, { onError: (error) => heard.push(error) });
    const answer = await postJson(base, { prompt: "Hi" });
    expect([answer.status, await answer.json()]).toMatchObject([429, { error: { code: "rate_limit" } }]);
    expect(answer.headers.get("location")).toBeNull();
    expect(heard).toMatchObject([{ code: "rate_limit" }]);
  });

  test("tells the answer of a store that is away, and what it is missing", async () => {
    const away: RunStore = {
      ...memoryRunStore(),
      load: () => Promise.reject(new Error("ECONNREFUSED")),
    };
    const heard: unknown[] = [];
    const { base } = await scriptedChat(["Hello world"], { store: away, onError: (error) => heard.push(error) });
    const answer = await postJson(base, { prompt: "Hi" });
    const text = await answer.text();
    expect(textOf(text)).toBe("Hello world");
    expect(readData(text)).toContainEqual({
      type: "warning",
      warning: expect.objectContaining({ code: "run_not_kept" }),
    });
    expect(answer.headers.get("location")).toBeNull();
    expect(heard).toEqual([new Error("ECONNREFUSED")]);
    const unread = await postJson(`${base}?follow=0`, { prompt: "Hi" });
    expect(unread.status).toBe(500);
  });

  test("hears of every answer, also of one that nobody was left to read", async () => {
    const finished = Promise.withResolvers<unknown>();
    const { base, next } = await dictatedChat({
      onDisconnect: "continue",
      onFinish: (result, req, run) => finished.resolve([result.text, req.path, run.runId]),
    });
    const answer = postJson(base, { prompt: "Hi" });
    const upstream = await next();
    upstream.say("Hello");
    const { leave } = await readUntil(await answer, (text) => text.includes("Hello"));
    await leave();
    upstream.say(" world");
    upstream.end();
    expect(await finished.promise).toEqual(["Hello world", "/", runOf(await answer)]);
  });
});

describe("GET /:runId", () => {
  test("tells two followers and the starter the same, whoever came first", async () => {
    const { base, next } = await dictatedChat();
    const started = postJson(`${base}?follow=0`, { prompt: "Hi" });
    const run = `${base}/${runOf(await started)}`;
    const followers = [fetch(run), fetch(run)];
    const upstream = await next();
    upstream.say("Hello");
    upstream.say(" world");
    upstream.end();
    const [first, second] = await Promise.all(followers.map(async (answer) => (await answer).text()));
    expect(textOf(first ?? "")).toBe("Hello world");
    expect(second).toBe(first);
    expect(await (await fetch(run)).text()).toBe(first);
  });

  test("replays behind `Last-Event-ID` or `after`, and has nothing to say behind the end", async () => {
    const { base } = await scriptedChat(["one two three"]);
    const answer = await postJson(base, { prompt: "Hi" });
    const whole = await answer.text();
    const run = `${base}/${runOf(answer)}`;
    const behind = whole.slice(whole.indexOf("id: 3\n"));
    expect(await (await fetch(run, { headers: { "last-event-id": "2" } })).text()).toBe(behind);
    expect(await (await fetch(`${run}?after=2`)).text()).toBe(behind);
    expect(await (await fetch(`${run}?after=999`)).text()).toBe("data: [DONE]\n\n");
  });

  test.each(["x", "-1", "1.5", "9".repeat(20)])("refuses the position %s", async (position) => {
    const { base } = await scriptedChat(["Hello"]);
    const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" });
    for (const method of ["GET", "HEAD"]) {
      const refused = await fetch(`${base}/${runOf(answer)}?after=${position}`, { method });
      expect(refused.status).toBe(400);
    }
  });

  test("knows no run but its own chats", async () => {
    const store = memoryRunStore();
    await store.checkpoint("deck", "run", { pipeline: "deck", input: { secret: 1 } });
    const { base } = await scriptedChat(["Hello"], { store });
    for (const method of ["GET", "HEAD", "DELETE"]) {
      for (const run of ["nothing", "deck"]) {
        expect([method, run, (await fetch(`${base}/${run}`, { method })).status]).toEqual([method, run, 404]);
      }
    }
    const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" });
    expect((await fetch(`${base}/${runOf(answer)}`, { method: "HEAD" })).status).toBe(200);
  });

  test("tells a run whose process is gone to its end: `interrupted`", async () => {
    const store = memoryRunStore();
    await store.checkpoint("gone", "run", { kind: "chat", steps: ["chat"] });
    const { base } = await scriptedChat(["Hello"], { store });
    const answer = await fetch(`${base}/gone`);
    expect(answer.status).toBe(200);
    expect(readData(await answer.text())).toMatchObject([
      { type: "error", error: { code: "interrupted", retryable: true } },
    ]);
  });
});

describe("authorize", () => {
  test("keeps strangers from starting (403) and from the runs of others (404)", async () => {
    const owners = new Map<string, string>();
    const { base } = await scriptedChat(["Hello"], {
      authorize: (req, runId) => {
        const user = req.get("x-user");
        if (user === undefined) return false;
        return runId === undefined ? { user } : owners.get(runId) === user;
      },
    });
    expect((await postJson(base, { prompt: "Hi" })).status).toBe(403);
    const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" }, { "x-user": "ann" });
    const run = `${base}/${runOf(answer)}`;
    owners.set(runOf(answer), "ann");
    for (const method of ["GET", "HEAD", "DELETE"]) {
      expect((await fetch(run, { method, headers: { "x-user": "eve" } })).status).toBe(404);
    }
    expect(textOf(await (await fetch(run, { headers: { "x-user": "ann" } })).text())).toBe("Hello");
  });
});

test("owner keeps a run to whom it belongs, in every process", async () => {
  const store = memoryRunStore();
  const owner = (req: { get(name: string): string | undefined }) => req.get("x-user");
  const { base, next } = await dictatedChat({ store, owner, onDisconnect: "continue" });
  const other = await scriptedChat(["Hello"], { store, owner });
  expect((await postJson(base, { prompt: "Hi" })).status).toBe(403);
  const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" }, { "x-user": "ann" });
  const upstream = await next();
  for (const at of [base, other.base]) {
    for (const method of ["GET", "HEAD", "DELETE"]) {
      for (const headers of [{ "x-user": "eve" }, {}]) {
        const refused = await fetch(`${at}/${runOf(answer)}`, { method, headers: headers as Record<string, string> });
        expect([at, method, refused.status]).toEqual([at, method, 404]);
      }
    }
  }
  upstream.say("Hello");
  upstream.end();
  for (const at of [base, other.base]) {
    const told = await fetch(`${at}/${runOf(answer)}`, { headers: { "x-user": "ann" } });
    expect(textOf(await told.text())).toBe("Hello");
  }
});

test.each([
  [{ onDisconnect: "contine" }, /onDisconnect.*not one/],
  [{ stor: 1 }, /unknown option of chatRouter: stor/],
  [{ accept: ["tools"] }, /chatRouter: `tools` cannot be opened/],
  [{ client: {} }, /chatRouter: `client` is no client/],
] as const)("refuses %j at start-up", (options, words) => {
  expect(() => chatRouter(options as unknown as ChatRouterOptions)).toThrow(words);
});
