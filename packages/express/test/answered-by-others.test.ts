import { LLMClient, memoryRunStore, type RunStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import type { ErrorRequestHandler, Express, Response as ServerResponse } from "express";
import { describe, expect, test } from "vitest";
import { chatRouter, stepsRouter } from "../src/index.js";
import { deck } from "./deck-router.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { readUntil } from "./read-until.js";
import { postJson, serve } from "./serve.js";

/** Answers in the place of the router, as a time-out would; and what reaches the error handlers. */
async function timedOut(build: (app: Express) => void) {
  const seen: unknown[] = [];
  const answers: ServerResponse[] = [];
  const { origin } = await serve((app) => {
    app.use((_req, res, next) => {
      answers.push(res);
      next();
    });
    build(app);
    app.use(((error, _req, _res, next) => {
      seen.push(error);
      next(error);
    }) satisfies ErrorRequestHandler);
  });
  const giveUp = () => {
    const res = answers.at(-1) as ServerResponse;
    if (res.headersSent) res.end();
    else res.status(503).json({ late: true });
  };
  return { origin, seen, giveUp };
}

const chat = { kind: "chat", steps: ["chat"] };
const steps = { pipeline: "deck", input: {} };

describe.each([
  ["a chat", (options: object) => chatRouter(options), chat, 503],
  ["a run of steps", (options: object) => stepsRouter(deck(), options), steps, 200],
] as const)("%s whose answer somebody else has given", (_what, router, kept, status) => {
  test("ends upstream as long as nothing else is said", async () => {
    const { client, next } = await dictatedUpstream();
    const { origin, giveUp, seen } = await timedOut((app) => void app.use(router({ client })));
    const answer = postJson(origin, { prompt: "Hi" });
    const upstream = await next();
    giveUp();
    await upstream.closed;
    expect([(await answer).status, seen]).toEqual([status, []]);
    await (await answer).text();
  });

  test("after its first word ends upstream", async () => {
    const { client, next } = await dictatedUpstream();
    const { origin, giveUp, seen } = await timedOut((app) => void app.use(router({ client })));
    const answer = postJson(origin, { prompt: "Hi" });
    const upstream = await next();
    upstream.say("Hello");
    const { leave } = await readUntil(await answer, (text) => text !== "");
    giveUp();
    await upstream.closed;
    await leave();
    expect(seen).toEqual([]);
  });

  test("goes on with `continue`", async () => {
    const { client, next } = await dictatedUpstream();
    const { origin, giveUp, seen } = await timedOut(
      (app) => void app.use(router({ client, onDisconnect: "continue" })),
    );
    const answer = postJson(origin, { prompt: "Hi" });
    const upstream = await next();
    giveUp();
    const location = (await answer).headers.get("location") ?? "";
    upstream.say("Hello");
    upstream.end();
    const { text, leave } = await readUntil(
      await fetch(origin + location),
      (read) => read.includes('"completed"') || read.includes("Hello"),
    );
    expect([text !== "", seen]).toEqual([true, []]);
    await leave();
  });

  test("before it was read is not begun", async () => {
    const { client, next } = await dictatedUpstream();
    const judged = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<void>();
    const authorize = () => {
      asked.resolve();
      return judged.promise;
    };
    let begun = 0;
    const store: RunStore = memoryRunStore();
    const counting: RunStore = {
      ...store,
      checkpoint(runId, key, ...rest) {
        if (key === "run") begun += 1;
        return store.checkpoint(runId, key, ...rest);
      },
    };
    const { origin, giveUp, seen } = await timedOut(
      (app) => void app.use(router({ client, store: counting, authorize })),
    );
    const answer = postJson(origin, { prompt: "Hi" });
    await asked.promise;
    giveUp();
    expect((await answer).status).toBe(503);
    judged.resolve(true);
    const second = postJson(origin, { prompt: "Hi again" });
    const upstream = await next();
    expect([begun, seen]).toEqual([1, []]);
    giveUp();
    await upstream.closed;
    await (await second).text();
  });

  test("while its end is waited for is given once", async () => {
    const memory = memoryRunStore();
    await memory.checkpoint("mute", "run", kept);
    await memory.lease("mute", 100_000, "another process");
    const [asked, given, left] = [0, 1, 2].map(() => Promise.withResolvers<void>());
    const store: RunStore = {
      ...memory,
      async cancel() {
        asked?.resolve();
        await given?.promise;
      },
      subscribe: () => () => left?.resolve(),
    };
    const { client } = await dictatedUpstream();
    const { origin, giveUp, seen } = await timedOut((app) => void app.use(router({ client, store, stopTimeoutMs: 1 })));
    const stopped = fetch(`${origin}/mute`, { method: "DELETE" });
    await asked?.promise;
    giveUp();
    expect((await stopped).status).toBe(503);
    given?.resolve();
    await left?.promise;
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
  });
});

test.each([
  ["a chat", (options: object) => chatRouter(options)],
  ["a run of steps", (options: object) => stepsRouter(deck(), options)],
] as const)("headers that somebody has sent already keep no answer of %s back", async (_what, router) => {
  const client = new LLMClient({ provider: scriptedProvider(), env: false, retry: false });
  const { origin } = await serve((app) => {
    app.use((_req, res, next) => {
      res.flushHeaders();
      next();
    });
    app.use(router({ client }));
  });
  const answer = await postJson(origin, { prompt: "Hi" });
  expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/);
});
