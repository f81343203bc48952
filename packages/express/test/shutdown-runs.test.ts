import { definePipeline, memoryRunStore, startChatRun, step } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { chatRouter, detach, getLLM, llmErrorHandler, llmMiddleware, stepsRouter } from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { EXPRESS } from "./express-version.js";
import { reading } from "./reading.js";
import { postJson, serve } from "./serve.js";
import { readEvents } from "./server-events.js";

describe(`${EXPRESS}: close() of the middleware`, () => {
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
});
