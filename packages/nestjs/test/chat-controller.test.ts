import { type CanActivate, Controller, type ExecutionContext, Logger, Post, UseGuards } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import {
  type ChatRun,
  type LLMProvider,
  memoryRunStore,
  RateLimitError,
  type RunStore,
  startChatRun,
} from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import {
  ChatController,
  type ChatControllerOptions,
  ChatStream,
  type FrameworkRequest,
  InjectLLM,
  LLMExceptionFilter,
  LLMModule,
  type LLMModuleOptions,
  LLMService,
} from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { heldProvider } from "./held-provider.js";
import { post, serverSentEvents, streamEvents } from "./http.js";

type UserRequest = FrameworkRequest & { user?: { id: string } };

class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    request.user = { id: request.headers["x-user"] ?? "nobody" };
    return true;
  }
}

async function applicationOn(
  platform: Platform,
  provider: LLMProvider,
  options: ChatControllerOptions = {},
  settings: LLMModuleOptions = {},
) {
  const store = options.store ?? memoryRunStore();

  @UseGuards(HeaderGuard)
  @Controller("api/chat")
  class Chat extends ChatController({ store, onError: () => {}, ...options }) {}

  const scope = (request: UserRequest) => ({ user: request.user?.id });
  const { url, app } = await start(platform, {
    imports: [LLMModule.forRoot({ env: false, retry: false, provider, scope: scope as never, ...settings })],
    controllers: [Chat],
    providers: [{ provide: APP_FILTER, useClass: LLMExceptionFilter }],
  });
  Logger.overrideLogger(false);
  return { base: `${url}/api/chat`, store, app };
}

const runOf = (answer: Response) => answer.headers.get("location")?.split("/").at(-1) ?? "";
const textOf = (answer: string) =>
  streamEvents(answer)
    .events.map(({ type, text }) => (type === "text-delta" ? text : ""))
    .join("");

/** Reads an answer until what came satisfies `enough`; the rest is left unread. */
async function readUntil(answer: Response, enough: (text: string) => boolean) {
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!enough(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  return { text, leave: () => reader.cancel() };
}

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

  test("DELETE /:runId ends the run upstream, whoever watches; one that has ended stays as it is", async () => {
    const provider = heldProvider();
    const { base, store } = await applicationOn(platform, provider, { onDisconnect: "continue" });
    const other = await applicationOn(platform, scriptedProvider(), { store });
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" });
    await provider.calls(1);
    provider.say("Hello");
    const follower = fetch(`${base}/${runOf(answer)}`);
    expect((await fetch(`${other.base}/${runOf(answer)}`, { method: "DELETE" })).status).toBe(204);
    expect(provider.signals[0]?.aborted).toBe(true);
    expect(streamEvents(await (await follower).text()).events.at(-1)).toMatchObject({ error: { code: "aborted" } });
    expect((await fetch(`${base}/${runOf(answer)}`, { method: "DELETE" })).status).toBe(204);
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

  test("keeps strangers from starting (403) and from the runs of others (404)", async () => {
    const owners = new Map<string, string>();
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), {
      authorize: ({ user }: UserRequest, runId) =>
        runId === undefined ? user?.id !== "nobody" : owners.get(runId) === user?.id,
    });
    expect((await post(base, { prompt: "Hi" })).status).toBe(403);
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" }, { "x-user": "ann" });
    owners.set(runOf(answer), "ann");
    const run = `${base}/${runOf(answer)}`;
    for (const method of ["GET", "HEAD", "DELETE"]) {
      expect((await fetch(run, { method, headers: { "x-user": "eve" } })).status).toBe(404);
    }
    expect(textOf(await (await fetch(run, { headers: { "x-user": "ann" } })).text())).toBe("Hello");
  });

  test.each([undefined, null, "", 1])("lets nobody in of whom `authorize` says %j", async (said) => {
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), { authorize: () => said as never });
    expect((await post(base, { prompt: "Hi" })).status).toBe(403);
  });

  test("keeps a run to its owner", async () => {
    const owner = ({ user }: UserRequest) => (user?.id === "nobody" ? undefined : user?.id);
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), { owner });
    expect((await post(base, { prompt: "Hi" })).status).toBe(403);
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" }, { "x-user": "ann" });
    const run = `${base}/${runOf(answer)}`;
    for (const method of ["GET", "HEAD", "DELETE"]) {
      for (const user of ["eve", "nobody"]) {
        expect((await fetch(run, { method, headers: { "x-user": user } })).status).toBe(404);
      }
    }
    expect(textOf(await (await fetch(run, { headers: { "x-user": "ann" } })).text())).toBe("Hello");
  });

  test.each([true, false])("adds what `authorize` says to the policy of the request (context: %j)", async (context) => {
    const provider = scriptedProvider(["Hello"]);

    @Controller()
    class Chat extends ChatController({ authorize: () => ({ policy: { dataCollection: "deny" } }) }) {}

    const scope = () => ({ policy: { zdr: true } });
    const { url } = await start(platform, {
      imports: [LLMModule.forRoot({ env: false, retry: false, provider, context, scope })],
      controllers: [Chat],
    });
    expect((await post(url, { prompt: "Hi" })).status).toBe(200);
    expect(provider.requests[0]).toMatchObject({ provider: { zdr: true, data_collection: "deny" } });
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
  [{ stor: 1 }, /unknown options of ChatController: stor/],
  [{ accept: ["tools"] }, /ChatController: `tools` cannot be opened/],
])("refuses %j at once", (options, words) => {
  expect(() => ChatController(options as ChatControllerOptions)).toThrow(words);
});

describe.each(platforms)("on %s, LLMService.detach()", (platform) => {
  test("starts a run that the client's leaving does not end, charged to its request", async () => {
    const provider = heldProvider();
    const runs: ChatRun[] = [];

    @UseGuards(HeaderGuard)
    @Controller()
    class Detaching {
      constructor(@InjectLLM() private readonly llm: LLMService) {}

      @Post()
      @ChatStream()
      chat() {
        const run = this.llm.detach((client) => startChatRun(client, { prompt: "Hi" }));
        runs.push(run);
        return run.events;
      }
    }

    const scope = (request: UserRequest) => ({ user: request.user?.id });
    const { url, app } = await start(platform, {
      imports: [LLMModule.forRoot({ env: false, retry: false, provider, scope: scope as never })],
      controllers: [Detaching],
    });
    const answer = post(url, {}, { "x-user": "ann" });
    await provider.calls(1);
    provider.say("one ");
    const { text, leave } = await readUntil(await answer, (read) => read.includes("one"));
    await leave();
    provider.say("two");
    provider.finish();
    expect(serverSentEvents(text)[0]?.id).toBe("1");
    expect(await runs[0]?.result).toMatchObject({ text: "one two" });
    const { client } = app.get(LLMService);
    expect(client.usage.byUser().map(({ user }: { user: string }) => user)).toEqual(["ann"]);
  });
});
