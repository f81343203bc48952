import {
  definePipeline,
  LLMClient,
  memoryRunStore,
  type RunStore,
  type StepContext,
  type StepEvent,
  step,
} from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import express from "express";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { llmErrorHandler, llmMiddleware, type StepsRouterOptions, stepsRouter } from "../src/index.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";
import { readEvents } from "./server-events.js";

interface Topic {
  topic: string;
}

/** Three steps that ask the model, the last once per slide; `gate` holds the last one back. */
function deck(gate: (slide: number, context: StepContext<Topic>) => Promise<void> = async () => {}) {
  return definePipeline<Topic>("deck", [
    step("outline", async ({ llm, input }) => (await llm.generate({ prompt: `Outline ${input.topic}` })).text),
    step("content", async ({ llm, input }) => (await llm.generate({ prompt: `Content ${input.topic}` })).text),
    step("slides", async (context) => {
      const slides: string[] = [];
      for (const slide of [1, 2]) {
        await gate(slide, context);
        const made = await context.item(`slide-${slide}`, async () => {
          return (await context.llm.generate({ prompt: `Slide ${slide} ${context.input.topic}` })).text;
        });
        slides.push(made);
        context.progress({ data: { slide }, fraction: slide / 2 });
      }
      return slides;
    }),
  ]);
}

function events(text: string): StepEvent[] {
  return readEvents(text)
    .filter(({ data }) => data !== "[DONE]")
    .map(({ data }) => JSON.parse(data) as StepEvent);
}

const words = (list: readonly StepEvent[]) => list.map(({ step: name, status }) => `${name} ${status}`);
const WHOLE = [
  "outline started",
  "outline completed",
  "content started",
  "content completed",
  "slides started",
  "slides processing",
  "slides processing",
  "slides completed",
];

async function running(pipeline = deck(), options: StepsRouterOptions<Topic> = {}) {
  const provider = scriptedProvider();
  const client = new LLMClient({ provider, env: false, retry: false });
  const store = options.store ?? memoryRunStore();
  const { origin } = await serve((app) => {
    app.use("/api/steps", stepsRouter(pipeline, { client, store, ...options })).use(llmErrorHandler());
  });
  return { provider, client, store, base: `${origin}/api/steps`, origin };
}

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

describe("POST /", () => {
  test("runs the pipeline and streams its events, numbered, to [DONE]", async () => {
    const { base, provider } = await running();
    const answer = await postJson(base, { topic: "Signals" });
    const text = await answer.text();
    const received = readEvents(text);
    const list = events(text);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("location")).toBe(`/api/steps/${list[0]?.runId}`);
    expect(list[0]?.runId).toMatch(/^[0-9a-f]{32}$/);
    expect(words(list)).toEqual(WHOLE);
    expect(received.map(({ id }) => id)).toEqual([...list.map(({ seq }) => String(seq)), undefined]);
    expect(received.at(-1)?.data).toBe("[DONE]");
    expect(list.at(-1)).toMatchObject({ progress: 100, final: true, cost: { usd: 0 } });
    expect(provider.requests).toHaveLength(4);
  });

  test.each([
    ["JSON is all that is accepted", "", { accept: "application/json" }],
    ["nobody wants to follow", "?follow=0", {}],
  ])("answers 202 and the run's id where %s", async (_when, query, headers) => {
    const { base } = await running();
    const answer = await postJson(base + query, { topic: "Signals" }, headers as Record<string, string>);
    const { runId } = (await answer.json()) as { runId: string };
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toBe(`/api/steps/${runId}`);
    expect(words(events(await (await fetch(`${base}/${runId}`)).text()))).toEqual(WHOLE);
  });

  test("writes lines of JSON where that is the transport", async () => {
    const { base } = await running(deck(), { transport: "ndjson" });
    const answer = await postJson(base, { topic: "Signals" });
    const lines = (await answer.text()).trimEnd().split("\n");
    expect(answer.headers.get("content-type")).toContain("application/x-ndjson");
    expect(words(lines.map((line) => JSON.parse(line)))).toEqual(WHOLE);
  });

  test("checks the input with a schema, and takes what the schema makes of it", async () => {
    const input = z.strictObject({ topic: z.string().trim().min(3) });
    const { base, provider } = await running(deck(), { input });
    const refused = await postJson(base, { topic: "x", slides: 3 });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { code: "invalid_request", message: expect.stringMatching(/topic: .*slides/s) },
    });
    expect(provider.requests).toHaveLength(0);
    await (await postJson(base, { topic: "  Signals " })).text();
    expect(provider.requests[0]?.messages).toEqual([{ role: "user", content: "Outline Signals" }]);
  });

  test("makes the input with a function, which sees the request", async () => {
    const { base, provider } = await running(deck(), {
      input: async ({ topic }, req) => ({ topic: `${topic} ${req.query.lang}` }),
    });
    await (await postJson(`${base}?lang=zh`, { topic: "Signals" })).text();
    expect(provider.requests[0]?.messages).toEqual([{ role: "user", content: "Outline Signals zh" }]);
  });

  test("a step that fails is an event like any other, and its cause is heard on the server", async () => {
    const cause = new Error("the printer is out of paper");
    const heard: unknown[] = [];
    const pipeline = deck(async (slide) => {
      if (slide === 2) throw cause;
    });
    const { base } = await running(pipeline, { onError: (error, run) => heard.push([error, run.step]) });
    const text = await (await postJson(base, { topic: "Signals" })).text();
    const list = events(text);
    expect(list.filter(({ status }) => status === "error")).toHaveLength(1);
    expect(list.at(-1)).toMatchObject({
      step: "slides",
      status: "error",
      final: true,
      data: { completedSteps: ["outline", "content"], nextStep: "slides" },
    });
    expect(readEvents(text).some(({ event }) => event === "error")).toBe(false);
    expect(text).not.toContain("paper");
    expect(heard).toEqual([[cause, "slides"]]);
  });

  test.each([
    ["not json", "{", 400],
    ["a list", "[]", 400],
  ])("refuses %s before anything runs", async (_what, body, status) => {
    const { base, provider } = await running();
    expect((await postJson(base, body)).status).toBe(status);
    expect(provider.requests).toHaveLength(0);
  });
});

describe("GET /:runId", () => {
  test("replays behind Last-Event-ID or ?after= without gap or repeat", async () => {
    const { base } = await running();
    const [first] = events(await (await postJson(base, { topic: "Signals" })).text());
    const run = `${base}/${first?.runId}`;
    for (const [url, headers] of [
      [run, { "last-event-id": "5" }],
      [`${run}?after=5`, {}],
    ] as const) {
      const list = events(await (await fetch(url, { headers })).text());
      expect(list.map(({ seq }) => seq)).toEqual([6, 7, 8]);
    }
    expect((await fetch(`${run}?after=-1`)).status).toBe(400);
    expect((await fetch(run, { headers: { "last-event-id": "five" } })).status).toBe(400);
    expect((await fetch(`${base}/unknown`)).status).toBe(404);
  });

  test("follows live, and whoever only follows stops nothing by leaving", async () => {
    const gate = Promise.withResolvers<void>();
    const { base } = await running(
      deck(async (slide) => {
        if (slide === 2) await gate.promise;
      }),
    );
    const { runId } = (await (await postJson(`${base}?follow=0`, { topic: "Signals" })).json()) as { runId: string };
    const leaving = await readUntil(await fetch(`${base}/${runId}`), (text) => text.includes('"processing"'));
    await leaving.leave();
    const staying = await readUntil(await fetch(`${base}/${runId}`), (text) => text.includes('"processing"'));
    gate.resolve();
    const rest = await readUntil(await fetch(`${base}/${runId}?after=6`), (text) => text.includes("[DONE]"));
    expect(words(events(staying.text))).toEqual(WHOLE.slice(0, 6));
    expect(words(events(rest.text))).toEqual(WHOLE.slice(6));
    await staying.leave();
  });
});

describe("a starter who leaves", () => {
  test("stops the run with abort, and resuming it asks for nothing twice", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    const store = memoryRunStore();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt === "Slide 2 Signals" });
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client)).use("/steps", stepsRouter(deck(), { store })).use(llmErrorHandler());
    });
    const base = `${origin}/steps`;
    const stalled = simulator.waitFor(({ prompt }) => prompt === "Slide 2 Signals");
    const answer = await postJson(base, { topic: "Signals" });
    const { text, leave } = await readUntil(answer, (read) => read.includes('"processing"'));
    const request = await stalled;
    await leave();
    expect(await request.closed).toMatchObject({ state: "closed-by-client", events: 0 });

    const runId = events(text)[0]?.runId as string;
    await expect.poll(async () => (await store.read(runId, 0)).at(-1)?.final).toBe(true);
    const resumed = events(await (await postJson(base, { resumeFrom: runId })).text());
    expect(words(resumed)).toEqual(["slides started", "slides processing", "slides processing", "slides completed"]);
    expect(resumed[0]?.seq).toBeGreaterThan(7);
    const asked = simulator.requests.map(({ prompt }) => prompt);
    expect(asked).toEqual([
      "Outline Signals",
      "Content Signals",
      "Slide 1 Signals",
      "Slide 2 Signals",
      "Slide 2 Signals",
    ]);
  });

  test.each([
    ["the middleware ties", ["ann"]],
    ["nested middleware ties", ["outer", "ann"]],
  ])("stops nothing with continue, not even what %s to the request", async (_what, scopes) => {
    const gate = Promise.withResolvers<void>();
    const pipeline = deck(async (slide) => {
      if (slide === 2) await gate.promise;
    });
    const client = new LLMClient({ provider: scriptedProvider(), env: false });
    const users: (string | undefined)[] = [];
    client.on("usage", ({ user }) => users.push(user));
    const left = Promise.withResolvers<void>();
    const { origin } = await serve((app) => {
      app.use((_req, res, next) => {
        res.on("close", () => left.resolve());
        next();
      });
      for (const user of scopes) app.use(llmMiddleware(client, { user }));
      app.use(express.json()).use("/steps", stepsRouter(pipeline, { onDisconnect: "continue" }));
    });
    const { text, leave } = await readUntil(await postJson(`${origin}/steps`, { topic: "Signals" }), (read) =>
      read.includes('"processing"'),
    );
    await leave();
    await left.promise;
    gate.resolve();
    const list = events(await (await fetch(`${origin}/steps/${events(text)[0]?.runId}`)).text());
    expect(words(list)).toEqual(WHOLE);
    expect(users).toEqual(["ann", "ann", "ann", "ann"]);
  });
});

describe("resuming", () => {
  test.each(["body", "path"])("goes on with a run that failed, by the %s", async (way) => {
    let broken = true;
    const pipeline = deck(async (slide) => {
      if (slide === 2 && broken) throw new Error("down");
    });
    const { base, provider } = await running(pipeline);
    const failed = events(await (await postJson(base, { topic: "Signals" })).text());
    const runId = failed[0]?.runId as string;
    broken = false;
    const answer =
      way === "body"
        ? await postJson(base, { resumeFrom: runId })
        : await fetch(`${base}/${runId}/resume`, { method: "POST" });
    const resumed = events(await answer.text());
    expect(answer.headers.get("location")).toBe(`/api/steps/${runId}`);
    expect(resumed.map(({ seq }) => seq)).toEqual(resumed.map((_, index) => failed.length + 1 + index));
    expect(resumed.at(-1)).toMatchObject({ status: "completed", progress: 100 });
    expect(provider.requests).toHaveLength(4);
  });

  test.each([
    [{ resumeFrom: "unknown" }, 404, "not_found"],
    [{ resumeFrom: 7 }, 400, "invalid_request"],
    [{ resumeFrom: "unknown", topic: "Other" }, 400, "invalid_request"],
  ])("%j is %i", async (body, status, code) => {
    const { base } = await running();
    const answer = await postJson(base, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("location")).toBeNull();
    expect(await answer.json()).toMatchObject({ error: { code } });
  });

  test("a run that still goes is 409, and goes on", async () => {
    const gate = Promise.withResolvers<void>();
    const { base } = await running(deck(() => gate.promise));
    const { runId } = (await (await postJson(`${base}?follow=0`, { topic: "Signals" })).json()) as { runId: string };
    const again = await postJson(base, { resumeFrom: runId });
    expect(again.status).toBe(409);
    gate.resolve();
    expect(words(events(await (await fetch(`${base}/${runId}`)).text()))).toEqual(WHOLE);
  });
});

describe("DELETE /:runId", () => {
  test("stops the run and its calls; its readers see why, once", async () => {
    const simulator = await simulate();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Content") });
    const { origin } = await serve(
      (app) => void app.use(stepsRouter(deck(), { client: clientOf(simulator) })).use(llmErrorHandler()),
    );
    const stalled = simulator.waitFor(({ prompt }) => prompt.startsWith("Content"));
    const answer = await postJson(origin, { topic: "Signals" });
    const request = await stalled;
    const stopped = await fetch(origin + answer.headers.get("location"), { method: "DELETE" });
    expect(stopped.status).toBe(204);
    expect(await request.closed).toMatchObject({ state: "closed-by-client" });
    const text = await answer.text();
    expect(events(text).at(-1)).toMatchObject({
      step: "content",
      status: "error",
      final: true,
      data: { code: "aborted" },
    });
    expect(text.match(/error/g)?.length).toBe(1);
    expect((await fetch(origin + answer.headers.get("location"), { method: "DELETE" })).status).toBe(204);
  });

  test("an unknown run is 404", async () => {
    const { base } = await running();
    expect((await fetch(`${base}/unknown`, { method: "DELETE" })).status).toBe(404);
  });

  test("a run that the store keeps for another pipeline, or for a chat, is 404, to follow and to stop", async () => {
    const store = memoryRunStore();
    const { base } = await running(deck(), { store });
    await store.checkpoint("invoice", "run", { pipeline: "invoice", input: {} });
    await store.checkpoint("chat", "run", { kind: "chat", steps: ["chat"] });
    for (const run of ["invoice", "chat"]) {
      expect((await fetch(`${base}/${run}`)).status).toBe(404);
      expect((await fetch(`${base}/${run}`, { method: "DELETE" })).status).toBe(404);
      expect(await store.read(run, 0)).toEqual([]);
    }
  });

  test("a run of another process is stopped there: 204 once it has ended", async () => {
    const store = memoryRunStore();
    const gate = Promise.withResolvers<void>();
    // Two routers over one store, as in two processes: neither knows what the other one executes.
    const [here, there] = [
      await running(
        deck(() => gate.promise),
        { store },
      ),
      await running(deck(), { store: { ...store } }),
    ];
    const { runId } = (await (await postJson(`${here.base}?follow=0`, { topic: "Signals" })).json()) as {
      runId: string;
    };
    const followed = fetch(`${there.base}/${runId}`);
    expect((await fetch(`${there.base}/${runId}`, { method: "DELETE" })).status).toBe(204);
    expect(events(await (await followed).text()).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
    const resumed = await postJson(`${there.base}/${runId}/resume`, {});
    expect(words(events(await resumed.text())).at(-1)).toBe("slides completed");
  });

  test("202 where the process does not answer in time, 409 where the store cannot ask it, 204 where it is gone", async () => {
    const store = memoryRunStore();
    await store.lease("elsewhere", 100_000, "another process");
    await store.checkpoint("elsewhere", "run", { pipeline: "deck", input: {} });
    const { base } = await running(deck(), { store, stopTimeoutMs: 1 });
    const late = await fetch(`${base}/elsewhere`, { method: "DELETE" });
    expect([late.status, await late.json()]).toEqual([202, { runId: "elsewhere" }]);

    const { cancel: _cancel, onCancel: _onCancel, ...mute } = store;
    const other = await running(deck(), { store: mute });
    expect((await fetch(`${other.base}/elsewhere`, { method: "DELETE" })).status).toBe(409);

    await store.lease("elsewhere", 0, "another process");
    expect((await fetch(`${base}/elsewhere`, { method: "DELETE" })).status).toBe(204);
    expect(events(await (await fetch(`${base}/elsewhere`)).text())).toMatchObject([
      { final: true, data: { code: "interrupted", retryable: true } },
    ]);
  });
});

describe("DELETE beside an attempt to resume", () => {
  test("that is about to be refused does not pass for the run, which goes on elsewhere", async () => {
    const store = memoryRunStore();
    await store.lease("elsewhere", 100_000, "another process");
    await store.checkpoint("elsewhere", "run", { pipeline: "deck", input: {} });
    const [asked, stopping] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { base } = await running(deck(), {
      store: {
        ...store,
        lease: async (...given) => {
          asked.resolve();
          await stopping.promise;
          return store.lease(...given);
        },
      },
      stopTimeoutMs: 1,
      authorize: ({ method }) => {
        if (method === "DELETE") setImmediate(stopping.resolve);
        return true;
      },
    });
    const resumed = postJson(`${base}/elsewhere/resume`, {});
    await asked.promise;
    expect((await fetch(`${base}/elsewhere`, { method: "DELETE" })).status).toBe(202);
    expect((await resumed).status).not.toBe(200);
  });
});

test("whoever follows when the server goes leaves the store at once", { timeout: 3_000 }, async () => {
  const store = memoryRunStore();
  await store.lease("live", 100_000, "another process");
  await store.checkpoint("live", "run", { pipeline: "deck", input: {} });
  const [came, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const watched: RunStore = {
    ...store,
    subscribe: (runId, listener) => {
      const leave = store.subscribe?.(runId, listener);
      came.resolve();
      return () => {
        leave?.();
        left.resolve();
      };
    },
  };
  const client = new LLMClient({ provider: scriptedProvider(), env: false });
  const middleware = llmMiddleware(client);
  const { origin } = await serve((app) => {
    app.use(middleware, stepsRouter(deck(), { store: watched }), llmErrorHandler());
  });
  const followed = fetch(`${origin}/live`);
  await came.promise;
  await middleware.close();
  await left.promise;
  expect((await followed).status).toBe(503);
});

test("a run that nobody has waited for ends when the server goes, and its end is written down", async () => {
  const store = memoryRunStore();
  const middleware = llmMiddleware(new LLMClient({ provider: scriptedProvider(), env: false }));
  const { origin } = await serve((app) => {
    app.use(
      middleware,
      stepsRouter(
        deck(() => new Promise(() => {})),
        { store },
      ),
      llmErrorHandler(),
    );
  });
  const { runId } = (await (await postJson(`${origin}?follow=0`, { topic: "Signals" })).json()) as { runId: string };
  await middleware.close();
  expect((await store.read(runId, 0)).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
});

describe("HEAD /:runId", () => {
  test("tells at once whether there is such a run, of this pipeline", async () => {
    const store = memoryRunStore();
    const { base } = await running(deck(), { store });
    await store.lease("live", 100_000, "another process");
    await store.checkpoint("live", "run", { pipeline: "deck", input: {} });
    await store.checkpoint("invoice", "run", { pipeline: "invoice", input: {} });
    const statuses = ["live", "invoice", "unknown"].map(
      async (run) => (await fetch(`${base}/${run}`, { method: "HEAD" })).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 404, 404]);
  });
});

describe("authorize", () => {
  test("false is 403 for a start and 404 for a run, whether it exists or not", async () => {
    const asked: (string | undefined)[] = [];
    const { base, provider } = await running(deck(), {
      authorize: (req, runId) => {
        asked.push(runId);
        return req.get("x-user") === "ann";
      },
    });
    const ann = { "x-user": "ann" };
    const refused = await postJson(base, { topic: "Signals" });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: "permission_denied" } });
    expect(provider.requests).toHaveLength(0);

    const runId = events(await (await postJson(base, { topic: "Signals" }, ann)).text())[0]?.runId as string;
    for (const [path, init] of [
      [`/${runId}`, {}],
      [`/${runId}`, { method: "DELETE" }],
      [`/${runId}/resume`, { method: "POST" }],
      ["/unknown", {}],
    ] as const) {
      const answer = await fetch(base + path, init);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: "not_found" } });
    }
    expect((await postJson(base, { resumeFrom: runId })).status).toBe(404);
    expect((await fetch(`${base}/${runId}`, { headers: ann })).status).toBe(200);
    expect(asked.slice(2, 5)).toEqual([runId, runId, runId]);
  });

  test("gives the scope that the run's calls carry; nothing at all lets nobody in", async () => {
    const users: (string | undefined)[] = [];
    const { base, client } = await running(deck(), { authorize: async () => ({ user: "ann" }) });
    client.on("usage", ({ user }) => users.push(user));
    await (await postJson(base, { topic: "Signals" })).text();
    expect(users).toEqual(["ann", "ann", "ann", "ann"]);
    const closed = await running(deck(), { authorize: (() => undefined) as never });
    expect((await postJson(closed.base, { topic: "Signals" })).status).toBe(403);
  });
});

test.each([
  [() => stepsRouter({} as never), /no pipeline/],
  [() => stepsRouter(deck(), { stores: 1 } as never), /unknown option of stepsRouter: stores/],
  [() => stepsRouter(deck(), { onDisconnect: "stay" } as never), /`onDisconnect`/],
  [() => stepsRouter(deck(), { transport: "websocket" } as never), /`transport`/],
  [() => stepsRouter(deck(), { input: {} } as never), /`input` is neither/],
  [() => stepsRouter(deck(), { authorize: true } as never), /`authorize` is no function/],
])("a wrong set-up is refused at start-up: %s", (start, message) => {
  expect(start).toThrow(message);
});
