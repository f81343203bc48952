import { Agent, get, type IncomingMessage } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { chatHandler, llmErrorHandler, llmMiddleware } from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { ASK, everything } from "./everything-mounted.js";
import { EXPRESS } from "./express-version.js";
import { reading } from "./reading.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";
import { readEvents } from "./server-events.js";

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
