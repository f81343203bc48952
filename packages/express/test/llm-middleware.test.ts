import { LLMClient, type UsageEvent } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import express, { type ErrorRequestHandler } from "express";
import { describe, expect, test } from "vitest";
import "../src/augment.js";
import { chatHandler, getLLM, llmErrorHandler, llmMiddleware } from "../src/index.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";

function metered() {
  const client = new LLMClient({ provider: scriptedProvider(), env: false });
  const users: (string | undefined)[] = [];
  client.on("usage", ({ user }: UsageEvent) => users.push(user));
  return { client, users };
}

describe("req.llm", () => {
  test("carries the scope made from the request, one for each", async () => {
    const { client, users } = metered();
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client, (req) => ({ user: req.get("x-user") })));
      app.get("/", (req, res, next) => {
        expect(getLLM(req)).toBe(req.llm);
        req.llm.generate({ prompt: "Hi" }).then(({ text }) => res.json({ text }), next);
      });
    });
    await Promise.all(["ann", "bob"].map((user) => fetch(origin, { headers: { "x-user": user } })));
    expect(users.sort()).toEqual(["ann", "bob"]);
  });

  test("waits for a scope that takes its time, and stands under another name where that is asked for", async () => {
    const { client, users } = metered();
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client, async () => ({ user: "late" }), { requestPropertyName: "model" }));
      app.get("/", async (req, res) => {
        expect(req).not.toHaveProperty("llm");
        expect(getLLM(req)).toBe((req as unknown as { model: unknown }).model);
        await getLLM(req).generate({ prompt: "Hi" });
        res.json({});
      });
    });
    expect((await fetch(origin)).status).toBe(200);
    expect(users).toEqual(["late"]);
  });

  test("of the innermost middleware is the one that counts, within the outer one's scope", async () => {
    const { client, users } = metered();
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client, { user: "outer", metadata: { a: "1" } }));
      app.use("/in", llmMiddleware(client, { user: "inner" }), chatHandler({ request: () => ({ prompt: "Hi" }) }));
    });
    await postJson(`${origin}/in`, {});
    expect(users).toEqual(["inner"]);
  });
});

describe("the client itself", () => {
  test("is charged to the request three services deep, also behind a body parser", async () => {
    const { client, users } = metered();
    const deep = async () => client.generate({ prompt: "Hi" });
    const middle = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return deep();
    };
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client, (req) => ({ user: req.get("x-user") })));
      app.use(express.json());
      app.post("/", (_req, res, next) => {
        middle().then(() => res.json({}), next);
      });
    });
    await Promise.all(["ann", "bob", "cem"].map((user) => postJson(origin, { a: 1 }, { "x-user": user })));
    expect(users.sort()).toEqual(["ann", "bob", "cem"]);
  });

  test("knows nothing of the request with context: false", async () => {
    const { client, users } = metered();
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client, { user: "ann" }, { context: false }));
      app.get("/", (req, res, next) => {
        client
          .generate({ prompt: "Hi" })
          .then(() => req.llm.generate({ prompt: "Hi" }))
          .then(() => res.json({}), next);
      });
    });
    await fetch(origin);
    expect(users).toEqual([undefined, "ann"]);
  });

  test("shares one budget among the requests of a user", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    simulator.reply({ text: "one", usage: { cost: 0.6 } }, { text: "two", usage: { cost: 0.6 } }, { text: "three" });
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client, () => ({ user: "ann", budget: { usd: 1, per: "total" } })));
      app.post("/", chatHandler()).use(llmErrorHandler());
    });
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      statuses.push((await postJson(origin, { prompt: "Hi" })).status);
      await client.settled();
    }
    expect(statuses).toEqual([200, 200, 402]);
  });
});

describe("a scope that fails", () => {
  test.each([
    [
      "throws",
      () => {
        throw new Error("no session");
      },
      "no session",
    ],
    [
      "rejects",
      async () => {
        throw new Error("no session");
      },
      "no session",
    ],
    ["gives nothing", () => undefined as never, "the scope is no object"],
    ["holds what no scope has", () => ({ usr: "ann" }) as never, "usr"],
  ])("that %s goes to next", async (_how, scope, message) => {
    const { client } = metered();
    const heard: Error[] = [];
    const hear: ErrorRequestHandler = (error, _req, res, _next) => {
      heard.push(error);
      res.status(500).end();
    };
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client, scope), (_req, res) => void res.json({}));
      app.use(hear);
    });
    expect((await fetch(origin)).status).toBe(500);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.message).toContain(message);
  });
});

describe("a key that upstream refuses", () => {
  test.each([
    ["the operator's", {}, 500],
    ["the caller's own", () => ({ apiKey: "sk-or-callers-key" }), 401],
  ] as const)("is %s", async (_whose, scope, status) => {
    const simulator = await simulate({ keys: ["sk-or-right"] });
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(clientOf(simulator), scope));
      app.post("/", chatHandler()).use(llmErrorHandler());
    });
    const answer = await postJson(origin, { prompt: "Hi" });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      error: { code: "authentication", message: "The model service refused the credentials." },
    });
  });
});

describe("the middleware", () => {
  test("makes a client from options, carries it, and closes what it made", async () => {
    const simulator = await simulate();
    const options = { apiKey: "sk-or-a", baseURL: simulator.baseURL, model: "openai/gpt-4o-mini", env: false } as const;
    const made = llmMiddleware(options);
    expect(await made.client.generate({ prompt: "Hi" })).toMatchObject({ finishReason: "stop" });
    await made.close();
    await made.close();
    await expect(made.client.generate({ prompt: "Hi" })).rejects.toMatchObject({ code: "aborted" });

    const { client } = metered();
    const given = llmMiddleware(client);
    expect(given.client).toBe(client);
    await given.close();
    await expect(client.generate({ prompt: "Hi" })).resolves.toMatchObject({ text: "Hi" });
  });

  test.each([
    [() => llmMiddleware({ apiKee: "x", env: false } as never), /apiKee/],
    [() => llmMiddleware({ env: false }), /API Key is not set/],
    [
      () => llmMiddleware(metered().client, {}, { property: "x" } as never),
      /unknown option of llmMiddleware: property/,
    ],
    [() => llmMiddleware(metered().client, {}, { requestPropertyName: "body" }), /requestPropertyName/],
    [() => llmMiddleware(metered().client, "ann" as never), /the scope is no object/],
    [() => llmMiddleware(metered().client, { usr: "ann" } as never), /usr/],
  ])("refuses a wrong set-up at once: %s", (start, message) => {
    expect(start).toThrow(message);
  });

  test("missing before getLLM is told with how to mend it", () => {
    expect(() => getLLM({} as never)).toThrow(
      expect.objectContaining({
        code: "invalid_config",
        hint: expect.stringContaining("app.use(llmMiddleware(client))"),
      }),
    );
  });
});
