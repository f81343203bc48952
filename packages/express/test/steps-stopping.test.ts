import { LLMClient, memoryRunStore, type RunStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import express from "express";
import { describe, expect, test } from "vitest";
import { llmErrorHandler, llmMiddleware, stepsRouter } from "../src/index.js";
import { deck, events, running, WHOLE, words } from "./deck-router.js";
import { readUntil } from "./read-until.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";

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

  test("a run that the store keeps for another pipeline, or for a chat, is 404, to follow, to stop and to resume", async () => {
    const store = memoryRunStore();
    const { base } = await running(deck(), { store });
    await store.checkpoint("invoice", "run", { pipeline: "invoice", input: {} });
    await store.checkpoint("chat", "run", { kind: "chat", steps: ["chat"] });
    for (const run of ["invoice", "chat"]) {
      expect((await fetch(`${base}/${run}`)).status).toBe(404);
      expect((await fetch(`${base}/${run}`, { method: "DELETE" })).status).toBe(404);
      for (const resumed of [await postJson(`${base}/${run}/resume`, {}), await postJson(base, { resumeFrom: run })]) {
        expect([resumed.status, await resumed.json()]).toMatchObject([
          404,
          { error: { message: `run not found: ${run}` } },
        ]);
      }
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
