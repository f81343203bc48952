import { Logger } from "@nestjs/common";
import { memoryRunStore, RateLimitError, type RunStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { readUntil } from "../../express/test/read-until.js";
import { ChatController, type ChatControllerOptions, LLMService } from "../src/index.js";
import { platforms } from "./application.js";
import { applicationOn, runOf, textOf } from "./chat-application.js";
import type { UserRequest } from "./header-guard.js";
import { heldProvider } from "./held-provider.js";
import { post, serverSentEvents, streamEvents } from "./http.js";

describe.each(platforms)("on %s, a controller of chats", (platform) => {
  test("POST / answers with the stream, numbered, and names the run, which can be followed from any event", async () => {
    const { base } = await applicationOn(platform, scriptedProvider(["one two three"]));
    const answer = await post(base, { prompt: "Hi" });
    const whole = await answer.text();
    const ids = serverSentEvents(whole).map(({ id }) => id);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("location")).toMatch(/^\/api\/chat\/[0-9a-f]{32}$/);
    expect(textOf(whole)).toBe("one two three");
    expect(ids).toEqual([...ids.slice(0, -1).map((_, index) => String(index + 1)), undefined]);
    const run = `${base}/${runOf(answer)}`;
    expect(await (await fetch(run)).text()).toBe(whole);
    const behind = whole.slice(whole.indexOf("id: 3\n"));
    expect(await (await fetch(run, { headers: { "last-event-id": "2" } })).text()).toBe(behind);
    expect(await (await fetch(`${run}?after=2`)).text()).toBe(behind);
    expect(await (await fetch(`${run}?after=99`)).text()).toBe("data: [DONE]\n\n");
    expect((await fetch(`${run}?after=x`)).status).toBe(400);
  });

  test.each([
    ["?follow=0", {}, {}],
    ["", { stream: false }, {}],
    ["", {}, { accept: "application/json" }],
  ])("answers 202 and the run's id to who does not follow (%j, %j, %j)", async (query, body, headers) => {
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]));
    const answer = await post(base + query, { prompt: "Hi", ...body }, headers as Record<string, string>);
    const { runId } = (await answer.json()) as { runId: string };
    expect([answer.status, answer.headers.get("location")]).toEqual([202, `/api/chat/${runId}`]);
    expect(textOf(await (await fetch(`${base}/${runId}`)).text())).toBe("Hello");
  });

  test("takes the bodies of a chat, and the server's part wins", async () => {
    const provider = scriptedProvider(["Hello"]);
    const { base } = await applicationOn(platform, provider, {
      accept: { temperature: (value) => value <= 1 },
      request: (request: UserRequest) => ({ system: `For ${request.user?.id}.` }),
    });
    await (await post(base, { prompt: "Hi", temperature: 1 }, { "x-user": "ann" })).text();
    expect(provider.requests[0]).toMatchObject({
      temperature: 1,
      messages: [
        { role: "system", content: "For ann." },
        { role: "user", content: "Hi" },
      ],
    });
    for (const body of [{ prompt: "Hi", tools: [] }, {}, { prompt: "Hi", temperature: 2 }, []]) {
      expect((await post(base, body)).status).toBe(400);
    }
  });

  test("answers what fails before the first word with its status, and no run to come back to", async () => {
    const { base } = await applicationOn(platform, scriptedProvider([new RateLimitError("rate_limit", "slow down")]));
    const answer = await post(base, { prompt: "Hi" });
    expect([answer.status, await answer.json()]).toMatchObject([429, { error: { code: "rate_limit" } }]);
    expect(answer.headers.get("location")).toBeNull();
  });

  test("a starter who leaves ends the run upstream, as long as nothing else is said", async () => {
    const provider = heldProvider();
    const { base } = await applicationOn(platform, provider);
    const answer = post(base, { prompt: "Hi" });
    await provider.calls(1);
    provider.say("Hello");
    const { leave } = await readUntil(await answer, (text) => text.includes("Hello"));
    await leave();
    const told = await (await fetch(`${base}/${runOf(await answer)}`)).text();
    expect(streamEvents(told).events.at(-1)).toMatchObject({ type: "error", error: { code: "aborted" } });
    expect(provider.signals[0]?.aborted).toBe(true);
  });

  test("with `continue` it goes on, charged as before, and coming back nothing is missing or told twice", async () => {
    const provider = heldProvider();
    const finished = Promise.withResolvers<string>();
    const { base, app } = await applicationOn(platform, provider, {
      onDisconnect: "continue",
      onFinish: ({ text }) => finished.resolve(text),
    });
    const answer = post(base, { prompt: "Hi" }, { "x-user": "ann" });
    await provider.calls(1);
    provider.say("one ");
    const { text, leave } = await readUntil(await answer, (read) => read.includes("one"));
    await leave();
    provider.say("two");
    const last = serverSentEvents(text).at(-1)?.id ?? "";
    const rest = fetch(`${base}/${runOf(await answer)}`, { headers: { "last-event-id": last } });
    provider.finish();
    expect(textOf(text) + textOf(await (await rest).text())).toBe("one two");
    expect(await finished.promise).toBe("one two");
    const { client } = app.get(LLMService);
    expect(client.usage.byUser().map(({ user }: { user: string }) => user)).toEqual(["ann"]);
  });

  test("tells the answer of a store that is away; who would come for it later is refused", async () => {
    const away: RunStore = { ...memoryRunStore(), load: () => Promise.reject(new Error("ECONNREFUSED")) };
    const heard: unknown[] = [];
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), {
      store: away,
      onError: (error) => heard.push(error),
    });
    const answer = await post(base, { prompt: "Hi" });
    expect(textOf(await answer.text())).toBe("Hello");
    expect(answer.headers.get("location")).toBeNull();
    expect(heard).toEqual([new Error("ECONNREFUSED")]);
    const refused = await post(`${base}?follow=0`, { prompt: "Hi" });
    expect([refused.status, refused.headers.get("location")]).toEqual([500, null]);
  });

  test("tells a run whose process is gone to its end, and knows no run but its own chats", async () => {
    const { base, store } = await applicationOn(platform, scriptedProvider(["Hello"]));
    await store.checkpoint("gone", "run", { kind: "chat", steps: ["chat"] });
    await store.checkpoint("deck", "run", { pipeline: "deck", input: {} });
    expect((await fetch(`${base}/gone`, { method: "HEAD" })).status).toBe(200);
    expect(await (await fetch(`${base}/gone`)).text()).toContain('"code":"interrupted"');
    for (const method of ["GET", "HEAD", "DELETE"]) {
      for (const run of ["deck", "nothing"]) {
        expect([method, run, (await fetch(`${base}/${run}`, { method })).status]).toEqual([method, run, 404]);
      }
    }
  });

  test("ends a run that nobody has waited for when the application shuts down, and writes its end down", async () => {
    const provider = heldProvider();
    const { base, store, app } = await applicationOn(platform, provider, {}, { shutdownGraceMs: 0 });
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" });
    await provider.calls(1);
    await app.close();
    expect((await store.read(runOf(answer), 0)).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
  });

  test("logs what an asynchronous listener throws; the answer is told", async () => {
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), {
      onFinish: () => Promise.reject(new Error("the books are closed")),
    });
    const logged = Promise.withResolvers<unknown>();
    Logger.overrideLogger({ log: () => {}, warn: () => {}, error: logged.resolve });
    expect(textOf(await (await post(base, { prompt: "Hi" })).text())).toBe("Hello");
    expect(await logged.promise).toMatch(/^run [0-9a-f]{32}: Error: the books are closed$/);
    Logger.overrideLogger(false);
  });

  test("writes the format that it is given", async () => {
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), { format: "ndjson" });
    const answer = await post(base, { prompt: "Hi" });
    const lines = (await answer.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answer.headers.get("content-type")).toContain("application/x-ndjson");
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
  });
});

test.each([
  [{ stor: 1 }, /unknown option of ChatController: stor/],
  [{ accept: ["tools"] }, /ChatController: `tools` cannot be opened/],
  [{ onDisconnect: "contine" }, /ChatController: `onDisconnect` is not one that is known/],
  [{ format: "sse" }, /ChatController: `format` is not one that is known/],
  [{ leaseMs: 0 }, /ChatController: `leaseMs` is no time/],
  [{ owner: "ann" }, /ChatController: `owner` is no function/],
])("refuses %j at once", (options, words) => {
  expect(() => ChatController(options as ChatControllerOptions)).toThrow(words);
});
