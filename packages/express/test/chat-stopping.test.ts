import { InvalidRequestError, LLMClient, memoryRunStore, type RunStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { chatRouter, detach, llmErrorHandler, llmMiddleware } from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { readUntil } from "./read-until.js";
import { dictatedChat, runOf, scriptedChat, textOf } from "./routed-chats.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";
import { readData, readEvents } from "./server-events.js";

describe("a starter who leaves", () => {
  test("ends the run upstream, as long as nothing else is said", async () => {
    const { base, next, store } = await dictatedChat();
    const answer = postJson(base, { prompt: "Hi" });
    const upstream = await next();
    upstream.say("Hello");
    const { leave } = await readUntil(await answer, (text) => text.includes("Hello"));
    await leave();
    await upstream.closed;
    const told = await (await fetch(`${base}/${runOf(await answer)}`)).text();
    expect(readData(told).at(-1)).toMatchObject({ type: "error", error: { code: "aborted" } });
    expect((await store.read(runOf(await answer), 0)).at(-1)).toMatchObject({ final: true });
  });

  test("with `continue` ends nothing; coming back it goes on where it was, with no gap and no repeat", async () => {
    const { base, next } = await dictatedChat({ onDisconnect: "continue" });
    const answer = postJson(base, { prompt: "Hi" });
    const upstream = await next();
    upstream.say("one ");
    const { text, leave } = await readUntil(await answer, (read) => read.includes("one"));
    await leave();
    const last = readEvents(text).at(-1)?.id ?? "";
    upstream.say("two ");
    const again = await fetch(`${base}/${runOf(await answer)}`, { headers: { "last-event-id": last } });
    upstream.say("three");
    upstream.end();
    const rest = await again.text();
    const ids = [...readEvents(text), ...readEvents(rest)].flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));
    expect(textOf(text) + textOf(rest)).toBe("one two three");
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  });

  test("with `continue` is charged as before: user and key of the middleware's scope", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client, (req) => ({ user: req.get("x-user") ?? "nobody" })));
      app.use("/chat", chatRouter({ onDisconnect: "continue" })).use(llmErrorHandler());
    });
    await (await postJson(`${origin}/chat`, { prompt: "Hi" }, { "x-user": "ann" })).text();
    expect(client.usage.byUser().map(({ user }) => user)).toEqual(["ann"]);
  });

  test("with `continue` is charged to whose `run()` it is in, where there is no middleware", async () => {
    const client = new LLMClient({ provider: scriptedProvider(["Hello"]), env: false, retry: false });
    const { origin } = await serve((app) => {
      app.use((_req, _res, next) => client.run({ user: "ann" }, next));
      app.use("/chat", chatRouter({ client, onDisconnect: "continue" })).use(llmErrorHandler());
    });
    await (await postJson(`${origin}/chat`, { prompt: "Hi" })).text();
    expect(client.usage.byUser().map(({ user }) => user)).toEqual(["ann"]);
  });

  test("with 202 has left nothing that a shutdown does not end and write down", async () => {
    const { client, next } = await dictatedUpstream();
    const middleware = llmMiddleware(client);
    const store = memoryRunStore();
    const { origin } = await serve((app) => {
      app.use(middleware).use("/chat", chatRouter({ store })).use(llmErrorHandler());
    });
    const answer = await postJson(`${origin}/chat?follow=0`, { prompt: "Hi" });
    await next();
    await answer.text();
    await middleware.close();
    expect((await store.read(runOf(answer), 0)).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
  });
});

describe("DELETE /:runId", () => {
  test("ends the run upstream and answers once it has ended; so it does for one that had", async () => {
    const { base, next } = await dictatedChat({ onDisconnect: "continue" });
    const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" });
    const run = `${base}/${runOf(answer)}`;
    const upstream = await next();
    upstream.say("Hello");
    const follower = fetch(run);
    expect((await fetch(run, { method: "DELETE" })).status).toBe(204);
    await upstream.closed;
    expect(readData(await (await follower).text()).at(-1)).toMatchObject({ type: "error", error: { code: "aborted" } });
    expect((await fetch(run, { method: "DELETE" })).status).toBe(204);
  });

  test("ends a run of another router on the same store", async () => {
    const { base, next, store } = await dictatedChat({ onDisconnect: "continue" });
    const other = await scriptedChat(["Hello"], { store });
    const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" });
    const upstream = await next();
    const stopped = await fetch(`${other.base}/${runOf(answer)}`, { method: "DELETE" });
    await upstream.closed;
    expect(stopped.status).toBe(204);
  });
});

describe("DELETE /:runId of a run whose end this process cannot keep", () => {
  const memory = memoryRunStore();

  test("answers 204 once the log has an end all the same", async () => {
    const refusals = [new Error("ECONNRESET")];
    const append: RunStore["append"] = async (runId, event, holder) => {
      const refusal = event.final ? refusals.shift() : undefined;
      if (refusal !== undefined) throw refusal;
      return memory.append(runId, event, holder);
    };
    const { base, next } = await dictatedChat({ store: { ...memory, append } });
    const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" });
    const upstream = await next();
    expect((await fetch(`${base}/${runOf(answer)}`, { method: "DELETE" })).status).toBe(204);
    await upstream.closed;
    expect((await memory.read(runOf(answer), 0)).at(-1)).toMatchObject({ final: true, data: { code: "interrupted" } });
  });

  test("answers 202 where another process has taken the run over and does not answer", async () => {
    let isTaken = false;
    const store: RunStore = {
      ...memory,
      append: async (runId, event, holder) => {
        if (isTaken) throw new InvalidRequestError("invalid_request", "the run was taken over", { status: 409 });
        return memory.append(runId, event, holder);
      },
      lease: async (runId, ms, holder) => (isTaken ? ms <= 0 : memory.lease(runId, ms, holder)),
    };
    const { base, next } = await dictatedChat({ store, stopTimeoutMs: 1 });
    const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" });
    const upstream = await next();
    isTaken = true;
    const stopped = await fetch(`${base}/${runOf(answer)}`, { method: "DELETE" });
    await upstream.closed;
    expect([stopped.status, await stopped.json()]).toEqual([202, { runId: runOf(answer) }]);
  });

  test("does not say that it has ended where the store is away", async () => {
    let isAway = false;
    const away = async () => {
      throw new Error("ECONNREFUSED");
    };
    const store: RunStore = {
      ...memory,
      append: (runId, event, holder) => (isAway ? away() : memory.append(runId, event, holder)),
      load: (runId) => (isAway ? away() : memory.load(runId)),
    };
    const { base, next } = await dictatedChat({ store });
    const answer = await postJson(`${base}?follow=0`, { prompt: "Hi" });
    const upstream = await next();
    isAway = true;
    expect((await fetch(`${base}/${runOf(answer)}`, { method: "DELETE" })).status).toBe(500);
    await upstream.closed;
  });
});

test("detach() starts work that the client's leaving does not end, in the scope of its request", async () => {
  const { client, next } = await dictatedUpstream();
  const result = Promise.withResolvers<string>();
  const { origin } = await serve((app) => {
    app.use(llmMiddleware(client, { user: "ann" }));
    app.post("/", (req, res) => {
      detach(req, (llm) => llm.stream({ prompt: "Hi" }).result).then(({ text }) => result.resolve(text), result.reject);
      res.write("started");
    });
  });
  const answer = await fetch(origin, { method: "POST" });
  const upstream = await next();
  const { leave } = await readUntil(answer, (text) => text !== "");
  await leave();
  upstream.say("still here");
  upstream.end();
  expect(await result.promise).toBe("still here");
  expect(client.usage.byUser().map(({ user }) => user)).toEqual(["ann"]);
});
