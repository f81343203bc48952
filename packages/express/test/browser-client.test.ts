import { definePipeline, LLMClient, memoryRunStore, type StepEvent, type StreamEvent, step } from "@signalbox/core";
import { type EventsError, readEvents } from "@signalbox/core/browser";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { chatHandler, chatRouter, llmErrorHandler, stepsRouter } from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { clientOf, serve, simulate } from "./serve.js";

const posted = (body: object): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
  body: JSON.stringify(body),
});

async function read<T>(events: AsyncIterable<T>): Promise<{ events: T[]; error?: EventsError }> {
  const list: T[] = [];
  try {
    for await (const event of events) list.push(event);
    return { events: list };
  } catch (error) {
    return { events: list, error: error as EventsError };
  }
}

describe("a chat", () => {
  async function chat() {
    const simulator = await simulate();
    const client = clientOf(simulator);
    const { origin, sockets } = await serve((app) => {
      app.post("/chat", chatHandler({ client })).use(llmErrorHandler());
    });
    return { simulator, sockets, ask: (body: object) => readEvents<StreamEvent>(`${origin}/chat`, posted(body)) };
  }

  test("gives its events, the result last", async () => {
    const { ask } = await chat();
    const { events, error } = await read(ask({ prompt: "Signals" }));
    const text = events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
    const last = events.at(-1);
    expect(error).toBeUndefined();
    expect(events[0]?.type).toBe("start");
    expect(last?.type === "finish" && last.result.text).toBe(text);
  });

  test("that is refused is thrown with the server's words", async () => {
    const { ask, simulator } = await chat();
    const { events, error } = await read(ask({ nonsense: true }));
    expect(events).toEqual([]);
    expect(error).toMatchObject({ code: "invalid_request", status: 400 });
    expect(simulator.requests).toEqual([]);
  });

  test("that is refused says when to come again", async () => {
    const { ask, simulator } = await chat();
    simulator.fault("429", { retryAfter: 7 });
    const { error } = await read(ask({ prompt: "Signals" }));
    expect(error).toMatchObject({ code: "rate_limit", status: 429, retryAfterMs: 7_000 });
  });

  test("that fails later gives what came, and then the failure", async () => {
    const { ask, simulator } = await chat();
    simulator.fault("cut", { after: 3 });
    const { events, error } = await read(ask({ prompt: "Signals" }));
    expect(events.filter(({ type }) => type === "text-delta").length).toBeGreaterThan(0);
    expect(error).toMatchObject({ code: "stream_truncated" });
  });

  test("whose own connection breaks is not asked for again", async () => {
    const { ask, simulator, sockets } = await chat();
    const events = ask({ prompt: "Signals, at some length" });
    await events.next();
    sockets.at(-1)?.destroy();
    const { error } = await read(events);
    expect(error).toBeInstanceOf(Error);
    expect(simulator.requests).toHaveLength(1);
  });

  test("whose reader leaves the loop is closed, up to upstream", async () => {
    const { ask, simulator } = await chat();
    simulator.fault("slow", { everyMs: 20 });
    for await (const event of ask({ prompt: "Signals" })) if (event.type === "text-delta") break;
    await expect.poll(() => simulator.requests[0]?.state).toBe("closed-by-client");
  });
});

describe("a run", () => {
  /** A run whose steps wait to be let go, each once. */
  async function run() {
    const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
    const pipeline = definePipeline<object>(
      "parts",
      gates.map(({ promise }, at) => step(`part-${at}`, () => promise)),
    );
    const client = new LLMClient({ provider: scriptedProvider(), env: false });
    const asked: { method: string; lastId: string | undefined }[] = [];
    const served = await serve((app) => {
      app.use((req, _res, next) => {
        asked.push({ method: req.method, lastId: req.get("Last-Event-ID") });
        next();
      });
      const options = { client, store: memoryRunStore(), onDisconnect: "continue" as const };
      app.use("/runs", stepsRouter(pipeline, options)).use(llmErrorHandler());
    });
    const options = { ...posted({}), delayMs: 0 };
    return {
      gates,
      asked,
      ...served,
      follow: (more = {}) => readEvents<StepEvent>(`${served.origin}/runs`, { ...options, ...more }),
    };
  }

  test("whose connection breaks is followed on: each event once, in order", async () => {
    const { gates, asked, sockets, follow } = await run();
    const seen: StepEvent[] = [];
    for await (const event of follow()) {
      seen.push(event);
      if (event.status !== "started") continue;
      sockets.at(-1)?.destroy();
      gates[Number(event.step.at(-1))]?.resolve();
    }
    expect(seen.map(({ step: name, status }) => `${name} ${status}`)).toEqual(
      [0, 1, 2].flatMap((at) => [`part-${at} started`, `part-${at} completed`]),
    );
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(asked[0]).toEqual({ method: "POST", lastId: undefined });
    expect(asked.slice(1).map(({ method, lastId }) => [method, Number(lastId) % 2])).toEqual(
      asked.slice(1).map(() => ["GET", 1]),
    );
    expect(asked.length).toBeGreaterThan(3);
  });

  test("whose server is gone is given up after so many attempts", async () => {
    const { server, sockets, follow } = await run();
    const events = follow({ reconnects: 2 });
    expect((await events.next()).value).toMatchObject({ seq: 1 });
    server.close();
    for (const socket of sockets) socket.destroy();
    const { error } = await read(events);
    expect(error).toBeInstanceOf(TypeError);
  });

  test("is not followed on after an abort", async () => {
    const { asked, follow } = await run();
    const controller = new AbortController();
    const events = follow({ signal: controller.signal });
    await events.next();
    controller.abort(new Error("enough"));
    expect((await read(events)).error?.message).toBe("enough");
    expect(asked).toHaveLength(1);
  });
});

test("a chat that was stopped is told once to whoever follows it, and not asked for again", async () => {
  const asked: string[] = [];
  const { client, next } = await dictatedUpstream();
  const { origin } = await serve((app) => {
    app.use((req, _res, on) => {
      asked.push(req.method);
      on();
    });
    app.use("/chat", chatRouter({ client, store: memoryRunStore() })).use(llmErrorHandler());
  });
  const answer = fetch(`${origin}/chat`, posted({ prompt: "Hi" }));
  (await next()).say("one");
  const address = `${origin}${(await answer).headers.get("location")}`;
  const following = readEvents<StreamEvent>(address, { delayMs: 0 });
  await following.next();
  const rest = read(following);
  expect((await fetch(address, { method: "DELETE" })).status).toBe(204);
  expect((await rest).error).toMatchObject({ code: "aborted", retryable: false });
  expect(asked).toEqual(["POST", "GET", "DELETE"]);
});
