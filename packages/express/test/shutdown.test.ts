import { Agent, get, type IncomingMessage } from "node:http";
import { definePipeline, memoryRunStore, startChatRun, step } from "@signalbox/core";
import { pipeStream } from "@signalbox/core/node";
import type { Express } from "express";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  chatHandler,
  chatRouter,
  detach,
  getLLM,
  type LLMMiddleware,
  llmErrorHandler,
  llmMiddleware,
  openAICompatible,
  stepsRouter,
} from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";
import { readEvents } from "./server-events.js";

const ASK = { prompt: "Signals", stream: true };

/** Everything this package mounts, behind one middleware. */
function everything(app: Express, middleware: LLMMiddleware) {
  const pipeline = definePipeline("deck", [step("one", async ({ llm }) => (await llm.generate({ prompt: "1" })).text)]);
  app.use(middleware);
  app.post("/chat", chatHandler());
  app.use("/v1", openAICompatible({ authorize: "none" }));
  app.use("/decks", stepsRouter(pipeline));
  app.get("/own", (req, res, next) => {
    pipeStream(getLLM(req).stream({ prompt: "Signals" }), res).catch(next);
  });
}

/** Reads a stream until a part has come; then the rest of it. */
async function reading(answer: Response, part: string) {
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const more = async () => {
    const { done, value } = await reader.read();
    text += value ?? "";
    return !done;
  };
  while (!text.includes(part)) if (!(await more())) throw new Error(`ended without ${part}: ${text}`);
  return async () => {
    while (await more());
    return text;
  };
}

describe(`${EXPRESS}: close() of the middleware`, () => {
  test.each(["given", "made"])(
    "new requests are 503 from then on, with Retry-After, on every road (client %s)",
    async (whose) => {
      const simulator = await simulate();
      const client = clientOf(simulator);
      const options = {
        apiKey: "sk-or-a",
        baseURL: simulator.baseURL,
        model: "openai/gpt-4o-mini",
        env: false,
      } as const;
      const middleware = llmMiddleware(whose === "given" ? client : options);
      const { origin } = await serve((app) => {
        everything(app, middleware);
        app.use(llmErrorHandler());
      });
      expect((await postJson(`${origin}/chat`, { prompt: "Hi" })).status).toBe(200);
      await middleware.close();
      const asked = simulator.requests.length;
      for (const [path, init] of [
        ["/chat", { method: "POST", body: "{}" }],
        ["/v1/chat/completions", { method: "POST", body: "{}" }],
        ["/v1/models", {}],
        ["/decks", { method: "POST", body: "{}" }],
        ["/own", {}],
      ] as const) {
        const answer = await fetch(origin + path, { ...init, headers: { "content-type": "application/json" } });
        expect([path, answer.status]).toEqual([path, 503]);
        expect(answer.headers.get("retry-after")).toBe("1");
        expect(answer.headers.get("connection")).toBe("close");
        expect(await answer.json()).toEqual({
          error: { code: "aborted", message: "the server is shutting down", retryable: true, retryAfterMs: 1000 },
        });
      }
      expect(simulator.requests).toHaveLength(asked);
      // A client that was given is its owner's to close.
      const own = client.generate({ prompt: "Hi" });
      if (whose === "given") await expect(own).resolves.toMatchObject({ finishReason: "stop" });
      else await expect(middleware.client.generate({ prompt: "Hi" })).rejects.toMatchObject({ code: "aborted" });
      await own;
    },
  );

  test("without our error handler Express answers 503 too", async () => {
    const { client } = await dictatedUpstream();
    const middleware = llmMiddleware(client);
    const { origin } = await serve((app) => everything(app, middleware));
    await middleware.close();
    const answer = await postJson(`${origin}/chat`, ASK);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("connection")).toBe("close");
  });

  test("a stream that ends within the grace period ends well, and then close() is done", async () => {
    const { client, next } = await dictatedUpstream();
    const middleware = llmMiddleware(client);
    const { origin } = await serve((app) => {
      everything(app, middleware);
      app.use(llmErrorHandler());
    });
    const answer = postJson(`${origin}/chat`, ASK);
    const model = await next();
    model.say("one");
    const rest = await reading(await answer, "one");
    let closed = false;
    const closing = middleware.close({ graceMs: 600_000 }).then(() => {
      closed = true;
    });
    expect((await postJson(`${origin}/chat`, ASK)).status).toBe(503);
    model.say("two");
    expect(closed).toBe(false);
    model.end();
    const text = await rest();
    await closing;
    expect(text).toContain("two");
    expect(text).not.toContain("event: error");
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(middleware.close()).toBe(middleware.close());
  });

  test.each(["/chat", "/own"])(
    "a stream that outlasts it gets one closing event, and upstream is closed: %s",
    async (path) => {
      const { client, next } = await dictatedUpstream();
      const middleware = llmMiddleware(client);
      const { origin } = await serve((app) => {
        everything(app, middleware);
        app.use(llmErrorHandler());
      });
      const answer = path === "/own" ? fetch(origin + path) : postJson(origin + path, ASK);
      const model = await next();
      model.say("one");
      const rest = await reading(await answer, "one");
      await middleware.close({ graceMs: 1 });
      await model.closed;
      const events = readEvents(await rest());
      expect(events.map(({ event }) => event).filter((name) => name === "error")).toHaveLength(1);
      expect(events.at(-1)?.data).toBe("[DONE]");
      expect(JSON.parse(events.at(-2)?.data as string)).toEqual({
        type: "error",
        error: { code: "aborted", message: "the server is shutting down", retryable: true, retryAfterMs: 1000 },
      });
      expect(events.some(({ data }) => data.includes('"finish"'))).toBe(false);
    },
  );

  test("a handler with a client of its own is told by the middleware before it", async () => {
    const { client, next } = await dictatedUpstream();
    const other = await dictatedUpstream();
    const middleware = llmMiddleware(other.client);
    const { origin } = await serve((app) => {
      app.use(middleware).post("/chat", chatHandler({ client })).use(llmErrorHandler());
    });
    const answer = postJson(`${origin}/chat`, ASK);
    const model = await next();
    model.say("one");
    const rest = await reading(await answer, "one");
    await middleware.close();
    await model.closed;
    expect((await rest()).match(/"message":"the server is shutting down"/g)).toHaveLength(1);
  });

  test("a stream that is relayed gets one closing event in OpenAI's shape, and no [DONE]", async () => {
    const { client, next } = await dictatedUpstream();
    const middleware = llmMiddleware(client);
    const { origin } = await serve((app) => everything(app, middleware));
    const answer = postJson(`${origin}/v1/chat/completions`, {
      model: "a/b",
      messages: [{ role: "user", content: "Signals" }],
      stream: true,
    });
    const model = await next();
    model.say("one");
    const rest = await reading(await answer, "one");
    await middleware.close();
    await model.closed;
    const text = await rest();
    expect(text.match(/"error":/g)).toHaveLength(1);
    expect(text).not.toContain("[DONE]");
  });

  test("a relay with a client of its own is told by the middleware before it", async () => {
    const { client, next } = await dictatedUpstream();
    const other = await dictatedUpstream();
    const middleware = llmMiddleware(other.client);
    const { origin } = await serve((app) => {
      app.use(middleware).use("/v1", openAICompatible({ client, authorize: "none" }));
    });
    const messages = [{ role: "user", content: "Signals" }];
    const answer = postJson(`${origin}/v1/chat/completions`, { model: "a/b", messages, stream: true });
    const model = await next();
    model.say("one");
    const rest = await reading(await answer, "one");
    await middleware.close();
    await model.closed;
    const text = await rest();
    expect(text.match(/"message":"the server is shutting down"/g)).toHaveLength(1);
    expect(text).not.toContain("[DONE]");
  });

  test.each(["abort", "continue"] as const)(
    "a run that is told ends with one closing event (%s)",
    async (onDisconnect) => {
      const { client } = await dictatedUpstream();
      const middleware = llmMiddleware(client);
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<string>();
      const pipeline = definePipeline("deck", [
        step("one", async ({ signal, runId }) => {
          begun.resolve(runId);
          await Promise.race([gate.promise, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
          signal.throwIfAborted();
        }),
      ]);
      const { origin } = await serve((app) => {
        app.use(middleware).use("/decks", stepsRouter(pipeline, { onDisconnect })).use(llmErrorHandler());
      });
      const starter = await reading(await postJson(`${origin}/decks`, {}), "started");
      const follower = await reading(await fetch(`${origin}/decks/${await begun.promise}`), "started");
      await middleware.close();
      const texts = [await starter(), await follower()];
      for (const text of texts) {
        const events = readEvents(text);
        expect(events.filter(({ data }) => data.includes('"code":"aborted"'))).toHaveLength(1);
        expect(events.at(-1)?.data).toBe("[DONE]");
      }
      // A run that goes on is not over; only the telling is.
      expect(texts[0]?.includes('"final":true')).toBe(onDisconnect === "abort");
      expect(texts[1]).toContain('"message":"the server is shutting down"');
      gate.resolve();
    },
  );

  test("a run that goes on without its client is given up, and another process goes on with it", async () => {
    const { client, next } = await dictatedUpstream();
    const store = memoryRunStore();
    const pipeline = definePipeline("deck", [
      step("one", async ({ llm }) => (await llm.stream({ prompt: "1" }).result).text),
      step("two", async ({ llm }) => (await llm.stream({ prompt: "2" }).result).text),
    ]);
    const process = async () => {
      const middleware = llmMiddleware(client);
      const router = stepsRouter(pipeline, { onDisconnect: "continue", store });
      const { origin } = await serve((app) => app.use(middleware).use("/decks", router).use(llmErrorHandler()));
      return { middleware, url: `${origin}/decks` };
    };
    const first = await process();
    const started = await postJson(`${first.url}?follow=0`, {});
    const { runId } = (await started.json()) as { runId: string };
    const one = await next();
    one.say("one");
    one.end();
    const two = await next();
    await first.middleware.close({ graceMs: 1 });
    await two.closed;
    expect((await store.read(runId, 0)).at(-1)).toMatchObject({
      final: true,
      data: { code: "aborted", retryable: true, completedSteps: ["one"], nextStep: "two" },
    });
    const second = await process();
    const resumed = fetch(`${second.url}/${runId}/resume`, { method: "POST" });
    const again = await next();
    again.say("two");
    again.end();
    expect(readEvents(await (await resumed).text()).at(-2)?.data).toContain('"status":"completed"');
  });

  test("a chat that goes on without its client is given up, and says so to whoever follows it", async () => {
    const { client, next } = await dictatedUpstream();
    const store = memoryRunStore();
    const middleware = llmMiddleware(client);
    const { origin } = await serve((app) => {
      app
        .use(middleware)
        .use("/chats", chatRouter({ onDisconnect: "continue", store }))
        .use(llmErrorHandler());
    });
    const { runId } = (await (await postJson(`${origin}/chats?follow=0`, { prompt: "Hi" })).json()) as {
      runId: string;
    };
    const model = await next();
    model.say("one");
    const follower = await reading(await fetch(`${origin}/chats/${runId}`), "one");
    await middleware.close({ graceMs: 1 });
    await model.closed;
    expect((await follower()).match(/"message":"the server is shutting down"/g)).toHaveLength(1);
    expect((await store.read(runId, 0)).at(-1)).toMatchObject({
      final: true,
      data: { code: "aborted", retryable: true },
    });
  });

  test("a chat that a handler has detached is given up as well", async () => {
    const { client, next } = await dictatedUpstream();
    const store = memoryRunStore();
    const middleware = llmMiddleware(client);
    const { origin } = await serve((app) => {
      app.use(middleware).post("/", (req, res) => {
        const run = detach(req, (llm) => startChatRun(llm, { prompt: "Hi" }, { store }));
        res.status(202).json({ runId: run.runId });
      });
    });
    const { runId } = (await (await postJson(origin, {})).json()) as { runId: string };
    const model = await next();
    await middleware.close({ graceMs: 1 });
    await model.closed;
    expect((await store.read(runId, 0)).at(-1)).toMatchObject({
      final: true,
      data: { code: "aborted", retryable: true },
    });
  });

  test("a request whose scope is still being made is refused; one that meets the middleware again is not", async () => {
    const { client, next } = await dictatedUpstream();
    const asked = Promise.withResolvers<void>();
    const scope = Promise.withResolvers<object>();
    const middleware = llmMiddleware(client, async (req) => {
      if (req.path !== "/slow") return {};
      asked.resolve();
      return scope.promise;
    });
    const inside = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const { origin } = await serve((app) => {
      app.use(middleware);
      app.use("/twice", (_req, _res, proceed) => {
        inside.resolve();
        void gate.promise.then(() => proceed());
      });
      app.use("/twice", middleware, chatHandler()).use(llmErrorHandler());
    });
    const slow = postJson(`${origin}/slow`, ASK);
    const twice = postJson(`${origin}/twice`, { prompt: "Hi", stream: true });
    await Promise.all([asked.promise, inside.promise]);
    const closing = middleware.close({ graceMs: 600_000 });
    scope.resolve({ user: "ann" });
    gate.resolve();
    expect((await slow).status).toBe(503);
    const model = await next();
    model.say("one");
    model.end();
    expect(await (await twice).text()).toMatch(/data: \[DONE\]\n\n$/);
    await closing;
  });

  test("work that outlives its request has the grace period too, with the client that the middleware made", async () => {
    const { options, next } = await dictatedUpstream();
    const middleware = llmMiddleware(options);
    const later = Promise.withResolvers<string>();
    const { origin } = await serve((app) => {
      app.use(middleware);
      app.post("/", (req, res) => {
        const { result } = getLLM(req).stream({ prompt: "Signals" });
        result.then(({ text }) => later.resolve(text), later.reject);
        res.status(202).end();
      });
    });
    expect((await postJson(origin, {})).status).toBe(202);
    const model = await next();
    model.say("one ");
    const closing = middleware.close({ graceMs: 600_000 });
    model.say("two");
    model.end();
    expect(await later.promise).toBe("one two");
    await closing;
    await expect(middleware.client.generate({ prompt: "Hi" })).rejects.toMatchObject({ code: "aborted" });
  });

  test.each(["abort", "continue"] as const)(
    "a run that has not begun when it ends is not begun (%s)",
    async (onDisconnect) => {
      const { client } = await dictatedUpstream();
      const middleware = llmMiddleware(client);
      const asked = Promise.withResolvers<void>();
      const input = Promise.withResolvers<object>();
      const readInput = () => {
        asked.resolve();
        return input.promise;
      };
      const begun: string[] = [];
      const pipeline = definePipeline("deck", [step("one", ({ runId }) => void begun.push(runId))]);
      const { origin } = await serve((app) => {
        app.use(middleware);
        app.use("/decks", stepsRouter(pipeline, { onDisconnect, input: readInput }));
        app.use(llmErrorHandler());
      });
      const answer = postJson(`${origin}/decks`, {});
      await asked.promise;
      const closing = middleware.close();
      input.resolve({});
      expect((await answer).status).toBe(503);
      expect((await answer).headers.get("location")).toBeNull();
      expect(begun).toEqual([]);
      await closing;
    },
  );

  test("who waits for the first token when it ends is told 503", async () => {
    const { client, next } = await dictatedUpstream();
    const middleware = llmMiddleware(client);
    const { origin } = await serve((app) => {
      everything(app, middleware);
      app.use(llmErrorHandler());
    });
    const answer = postJson(`${origin}/chat`, ASK);
    const model = await next();
    await middleware.close({ graceMs: 1 });
    await model.closed;
    expect((await answer).status).toBe(503);
    expect((await answer).headers.get("retry-after")).toBe("1");
    expect(await (await answer).json()).toMatchObject({ error: { message: "the server is shutting down" } });
  });

  test("fifty live streams: all told once, all closed upstream, and the server closes behind them", async () => {
    const simulator = await simulate();
    simulator.fault("stall", { after: 2, times: 50 });
    const middleware = llmMiddleware(clientOf(simulator));
    const { origin, server } = await serve((app) => {
      everything(app, middleware);
      app.use(llmErrorHandler());
    });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const streams = await Promise.all(
      Array.from({ length: 50 }, () => postJson(`${origin}/chat`, ASK).then((answer) => reading(answer, "text-delta"))),
    );
    const serverClosed = new Promise((resolve) => server.close(resolve));
    await middleware.close();
    const texts = await Promise.all(streams.map((rest) => rest()));
    expect(texts.map((text) => text.match(/event: error/g)?.length)).toEqual(Array.from({ length: 50 }, () => 1));
    const states = await Promise.all(
      simulator.requests.filter(({ stream }) => stream).map(({ closed }) => closed.then(({ state }) => state)),
    );
    expect(states).toEqual(Array.from({ length: 50 }, () => "closed-by-client"));
    server.closeIdleConnections();
    expect(await serverClosed).toBeUndefined();
  });

  test("an answer that was under way closes its connection, so that nobody waits for a keep-alive to end", async () => {
    const { client, next } = await dictatedUpstream();
    const middleware = llmMiddleware(client);
    const { origin } = await serve((app) => {
      everything(app, middleware);
      app.use(llmErrorHandler());
    });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      get(`${origin}/own`, { agent }, resolve).on("error", reject);
    });
    const model = await next();
    const closing = middleware.close({ graceMs: 600_000 });
    model.say("one");
    model.end();
    const answer = await answered;
    answer.resume();
    await closing;
    expect(answer.headers.connection).toBe("close");
  });
});

describe(`${EXPRESS}: a client that its owner has closed`, () => {
  test.each(["of the handler", "of the middleware", "called by a handler of one's own"])(
    "is 503 with Retry-After: %s",
    async (whose) => {
      const { client } = await dictatedUpstream();
      const { origin } = await serve((app) => {
        if (whose === "of the handler") app.post("/chat", chatHandler({ client }));
        else app.use(llmMiddleware(client));
        if (whose === "of the middleware") app.post("/chat", chatHandler());
        app.post("/chat", (req, res, next) => {
          getLLM(req)
            .generate({ prompt: "Hi" })
            .then(({ text }) => res.json(text), next);
        });
        app.use(llmErrorHandler());
      });
      await client.close();
      for (const body of [ASK, { prompt: "Signals" }]) {
        const answer = await postJson(`${origin}/chat`, body);
        expect(answer.status).toBe(503);
        expect(answer.headers.get("retry-after")).toBe("1");
        expect(answer.headers.get("connection")).toBe("close");
      }
    },
  );
});
