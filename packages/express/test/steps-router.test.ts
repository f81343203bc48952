import { describe, expect, test } from "vitest";
import { z } from "zod";
import { stepsRouter } from "../src/index.js";
import { deck, events, running, WHOLE, words } from "./deck-router.js";
import { postJson } from "./serve.js";
import { readEvents } from "./server-events.js";

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
