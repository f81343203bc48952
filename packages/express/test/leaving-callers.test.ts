import { definePipeline, LLMError, memoryRunStore, step } from "@signalbox/core";
import type { Simulator } from "@signalbox/testing";
import express, { type ErrorRequestHandler, type Express } from "express";
import { describe, expect, test } from "vitest";
import { chatHandler, getLLM, llmErrorHandler, llmMiddleware, openAICompatible, stepsRouter } from "../src/index.js";
import { type Caller, halfClosingCaller, lazyCaller, processCaller, resettingCaller } from "./callers.js";
import { clientOf, serve, simulate } from "./serve.js";

const CALLERS = [
  ["a killed process", processCaller],
  ["a half-closed socket", halfClosingCaller],
  ["a reset", resettingCaller],
] as const;

/** What the server's own error handlers see; whoever has left must not turn up there. */
function lastHandler(seen: unknown[]): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    seen.push(error);
    res.end();
  };
}

async function whoeverLeaves(
  simulator: Simulator,
  build: (app: Express) => void,
  call: (origin: string) => Caller,
  until: (caller: Caller) => Promise<unknown>,
) {
  const seen: unknown[] = [];
  const { origin } = await serve((app) => {
    build(app);
    app.use(llmErrorHandler()).use(lastHandler(seen));
  });
  const arrival = simulator.nextRequest();
  const caller = call(origin);
  const request = await arrival;
  await until(caller);
  expect(request.state).toBe("open");
  caller.leave();
  const closed = await request.closed;
  expect(closed.state).toBe("closed-by-client");
  // Where the answer stalls, and nothing after it.
  expect(closed.events).toBeLessThanOrEqual(3);
  expect(seen).toEqual([]);
  return closed;
}

describe.each(CALLERS)("F35 %s closes the upstream request before its answer ends", (_who, caller) => {
  test("of a streamed chat", async () => {
    const simulator = await simulate();
    simulator.fault("stall", { after: 3 });
    const heard: unknown[] = [];
    await whoeverLeaves(
      simulator,
      (app) => {
        app.use(llmMiddleware(clientOf(simulator)));
        app.use(express.json());
        app.post("/chat", chatHandler({ onError: (error) => heard.push(error) }));
      },
      (origin) => caller(`${origin}/chat`, { prompt: "Signals", stream: true }),
      ({ answered }) => answered,
    );
    await expect.poll(() => heard.length).toBe(1);
    expect(LLMError.is(heard[0]) && heard[0].code).toBe("aborted");
  });

  test("of a streamed chat without the middleware", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    simulator.fault("stall", { after: 3 });
    const closed = await whoeverLeaves(
      simulator,
      (app) => void app.post("/chat", chatHandler({ client })),
      (origin) => caller(`${origin}/chat`, { prompt: "Signals", stream: true }),
      ({ answered }) => answered,
    );
    expect(closed.stream).toBe(true);
  });

  test("of a chat that is answered as JSON", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    simulator.fault("stall-before-headers");
    const closed = await whoeverLeaves(
      simulator,
      (app) => void app.post("/chat", chatHandler({ client })),
      (origin) => caller(`${origin}/chat`, { prompt: "Signals" }),
      async () => {},
    );
    expect(closed.stream).toBe(false);
  });

  test("of a handler that calls the client itself", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    simulator.fault("stall-before-headers");
    const closed = await whoeverLeaves(
      simulator,
      (app) => {
        app.use(llmMiddleware(client), express.json());
        app.post("/ask", (_req, res, next) => {
          client.generate({ prompt: "Hi" }).then((result) => res.json(result.text), next);
        });
      },
      (origin) => caller(`${origin}/ask`, { a: 1 }),
      async () => {},
    );
    expect(closed.prompt).toBe("Hi");
  });

  test("of a deck with onDisconnect abort", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    const store = memoryRunStore();
    const pipeline = definePipeline("deck", [
      step("outline", async ({ llm }) => (await llm.generate({ prompt: "Outline" })).text),
      step("slides", async ({ llm, progress }) => {
        progress({ data: { slide: 1 } });
        return (await llm.stream({ prompt: "Slide 1" }).result).text;
      }),
    ]);
    simulator.fault("stall", { after: 2, when: ({ prompt }) => prompt === "Slide 1" });
    const seen: unknown[] = [];
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client));
      app.use("/deck", stepsRouter(pipeline, { store })).use(lastHandler(seen));
    });
    const arrival = simulator.waitFor(({ prompt, events }) => prompt === "Slide 1" && events >= 2);
    const starter = caller(`${origin}/deck`, { topic: "Signals" });
    const request = await arrival;
    await starter.answered;
    starter.leave();
    expect(await request.closed).toMatchObject({ state: "closed-by-client", events: 2 });
    expect(seen).toEqual([]);
    expect(simulator.requests.filter(({ prompt }) => prompt === "Outline")).toHaveLength(1);
  });

  test("relayed for an OpenAI client", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    simulator.fault("stall", { after: 3 });
    const body = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals" }], stream: true };
    const closed = await whoeverLeaves(
      simulator,
      (app) => void app.use("/v1", openAICompatible({ client, authorize: "none" })),
      (origin) => caller(`${origin}/v1/chat/completions`, body),
      ({ answered }) => answered,
    );
    expect(closed.stream).toBe(true);
  });
});

describe("a caller that does not read", () => {
  test.each(["/chat", "/v1/chat/completions"])("holds upstream back, and closes it by leaving: %s", async (path) => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    const pieces = 4000;
    simulator.reply({ chunks: Array.from({ length: pieces }, () => "x".repeat(8192)) });
    const { origin } = await serve((app) => {
      app.post("/chat", chatHandler({ client })).use("/v1", openAICompatible({ client, authorize: "none" }));
    });
    const question =
      path === "/chat"
        ? { prompt: "Hi" }
        : { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] };
    const arrival = simulator.nextRequest();
    const caller = lazyCaller(origin + path, { ...question, stream: true });
    const request = await arrival;
    await caller.answered;
    // As many bytes as fit on the way, and then no more.
    let written = -1;
    await expect
      .poll(
        () => {
          const still = written === request.events;
          written = request.events;
          return still && written > 0;
        },
        { interval: 100 },
      )
      .toBe(true);
    expect(written).toBeLessThan(pieces);
    expect(request.state).toBe("open");
    caller.leave();
    expect(await request.closed).toMatchObject({ state: "closed-by-client" });
  });
});

describe("whoever stays", () => {
  test("is not taken for gone, and leaves no listener behind on a connection that is used again", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    const { origin, sockets } = await serve((app) => {
      app.use(llmMiddleware(client, () => ({ user: "ann" })));
      app.post("/chat", chatHandler());
      app.post(
        "/own",
        chatHandler({ client, request: (req) => ({ metadata: { user: String(getLLM(req) !== undefined) } }) }),
      );
      app.use("/v1", openAICompatible({ authorize: "none" }));
    });
    const ask = async (path: string, body: object) => {
      const answer = await fetch(origin + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
      await answer.text();
    };
    const round = async () => {
      await ask("/chat", { prompt: "One", stream: true });
      await ask("/chat", { prompt: "Two" });
      await ask("/own", { prompt: "Three", stream: true });
      await ask("/v1/chat/completions", {
        model: "openai/gpt-4o-mini",
        messages: [{ role: "user", content: "Four" }],
        stream: true,
      });
    };
    await round();
    const count = () =>
      sockets.map((socket) => socket.eventNames().reduce((sum, name) => sum + socket.listenerCount(name), 0));
    const before = count();
    for (let turn = 0; turn < 12; turn++) await round();
    expect(count()).toEqual(before);
    expect(simulator.requests.every(({ state }) => state === "finished")).toBe(true);
    expect(simulator.requests).toHaveLength(52);
  });
});
