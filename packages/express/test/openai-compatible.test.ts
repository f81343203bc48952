import { LLMClient } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { llmMiddleware, openAICompatible } from "../src/index.js";
import { CHAT, relaying } from "./relayed-upstream.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";

/** Whatever else upstream may say: odd line ends, fields nobody knows, bytes that are no text. */
const ODD_STREAM = Buffer.concat([
  Buffer.from(": OPENROUTER PROCESSING\r\n\r\nevent: odd\nid: 7\n"),
  Buffer.from('data:{"choices":[{"delta":{"content":"Grüße 世界"},"finish_reason":null}],"unknown":[1e400]}\n\n'),
  Buffer.from([0x3a, 0xff, 0xfe, 0x0a, 0x0a]),
  Buffer.from(
    'data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"cost":0.5}}\n\n',
  ),
  Buffer.from("data: [DONE]\n\n"),
]);

describe("chat completions", () => {
  test("are relayed as JSON", async () => {
    const { origin } = await relaying();
    const answer = await postJson(`${origin}/chat/completions`, CHAT);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.headers.get("x-generation-id")).toMatch(/^gen-/);
    expect(await answer.json()).toMatchObject({ object: "chat.completion", choices: [{ finish_reason: "stop" }] });
  });

  test("are relayed as JSON, byte for byte", async () => {
    const { simulator, origin } = await relaying();
    const body = '\n  {"choices" : [{"message":{"content":"Grüße"},"finish_reason":"stop"}],\n"unknown":1.50}\n';
    simulator.replay({ response: { status: 200, headers: { "content-type": "application/json" }, body } });
    const answer = await postJson(`${origin}/chat/completions`, CHAT);
    expect(await answer.text()).toBe(body);
  });

  test("are relayed as a stream, byte for byte, in whatever pieces it comes", async () => {
    const { simulator, client, origin } = await relaying();
    const response = {
      status: 200,
      headers: { "content-type": "text/event-stream" },
      bodyBase64: ODD_STREAM.toString("base64"),
    };
    const rounds = [[], [5, 30, 60, 90], Array.from({ length: ODD_STREAM.length }, (_, at) => at)];
    for (const cuts of rounds) {
      simulator.replay({ response }, { cuts });
      const answer = await postJson(`${origin}/chat/completions`, { ...CHAT, stream: true });
      expect(answer.headers.get("content-type")).toBe("text/event-stream");
      expect(answer.headers.get("cache-control")).toBe("no-cache, no-transform");
      expect(Buffer.from(await answer.arrayBuffer()).equals(ODD_STREAM)).toBe(true);
    }
    await expect.poll(() => client.usage.total.usd).toBe(1.5);
  });

  test("carry what OpenAI's clients send, and none of their headers", async () => {
    const { simulator, origin } = await relaying();
    const body = { ...CHAT, temperature: 0.2, seed: 7, response_format: { type: "json_object" }, user: "ann" };
    await postJson(`${origin}/chat/completions`, body, {
      authorization: "Bearer sk-of-the-caller",
      cookie: "session=1",
      "x-stainless-lang": "js",
      "openai-organization": "org",
    });
    const [request] = simulator.requests;
    expect(request?.json).toMatchObject(body);
    expect(request?.headers.authorization).toBe("Bearer ***-key");
    expect(Object.keys(request?.headers ?? {}).filter((name) => /cookie|stainless|openai/.test(name))).toEqual([]);
  });

  test("are metered by the client", async () => {
    const { client, origin } = await relaying();
    await (await postJson(`${origin}/chat/completions`, { ...CHAT, stream: true })).text();
    await expect.poll(() => client.usage.total.requests).toBe(1);
    expect(client.usage.total.usd).toBeGreaterThan(0);
  });
});

test("embeddings are relayed", async () => {
  const { origin } = await relaying();
  const answer = await postJson(`${origin}/embeddings`, { model: "openai/text-embedding-3-small", input: ["a", "b"] });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    object: "list",
    data: [{ object: "embedding", index: 0 }, { index: 1 }],
  });
});

describe("models", () => {
  test("are listed, and found by ids with a slash in either spelling", async () => {
    const { origin } = await relaying();
    const { object, data } = (await (await fetch(`${origin}/models`)).json()) as {
      object: string;
      data: { id: string }[];
    };
    expect(object).toBe("list");
    expect(data.length).toBeGreaterThan(3);
    for (const id of ["openai/gpt-4o-mini", "openai%2Fgpt-4o-mini"]) {
      const one = await fetch(`${origin}/models/${id}`);
      expect(await one.json()).toMatchObject({ id: "openai/gpt-4o-mini", object: "model", owned_by: "openai" });
    }
    const none = await fetch(`${origin}/models/nobody/nothing`);
    expect(none.status).toBe(404);
    expect(await none.json()).toMatchObject({
      error: { code: "model_not_found", message: "model not found: nobody/nothing" },
    });
  });

  test.each([
    ["openai/gpt-oss-20b:free", "openai/gpt-oss-20b:free"],
    ["openai%2Fgpt-oss-20b%3Afree", "openai/gpt-oss-20b:free"],
    ["openai/gpt-4o-mini:nitro", "openai/gpt-4o-mini:nitro"],
    ["openai%2Fgpt-4o-mini:floor", "openai/gpt-4o-mini:floor"],
    ["anthropic/claude-3-haiku:beta", "anthropic/claude-3-haiku:beta"],
  ])("are found with their variants: %s", async (path, id) => {
    const { origin } = await relaying();
    const answer = await fetch(`${origin}/models/${path}`);
    expect(await answer.json()).toMatchObject({ id, object: "model" });
  });

  test("are not found by a variant that is a model of its own and is not served", async () => {
    const { origin } = await relaying();
    expect((await fetch(`${origin}/models/openai/gpt-4o-mini:free`)).status).toBe(404);
  });

  test("beyond the bound are neither listed nor asked for, nor as a fallback", async () => {
    const { simulator, origin } = await relaying({ models: ["openai/*"] });
    const { data } = (await (await fetch(`${origin}/models`)).json()) as { data: { id: string }[] };
    expect(data.length).toBeGreaterThan(0);
    expect(data.every(({ id }) => id.startsWith("openai/"))).toBe(true);
    expect((await fetch(`${origin}/models/anthropic/claude-3-haiku`)).status).toBe(404);
    const asked = simulator.requests.length;
    for (const fields of [{ model: "anthropic/claude-3-haiku" }, { models: ["anthropic/claude-3-haiku"] }]) {
      const answer = await postJson(`${origin}/chat/completions`, { ...CHAT, ...fields });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        error: { code: "invalid_request", message: expect.stringContaining("anthropic/claude-3-haiku"), param: null },
      });
    }
    expect(simulator.requests).toHaveLength(asked);
    expect((await postJson(`${origin}/chat/completions`, CHAT)).status).toBe(200);
  });
});

describe("authorize", () => {
  test("decides, and its scope is charged", async () => {
    const seen: (string | undefined)[] = [];
    const { client, simulator, origin } = await relaying({
      authorize: async (req) => {
        seen.push(req.headers.authorization);
        return req.headers.authorization === "Bearer ann" ? { user: "ann" } : false;
      },
    });
    const users: (string | undefined)[] = [];
    client.on("usage", ({ user }) => users.push(user));
    const refused = await postJson(`${origin}/chat/completions`, CHAT, { authorization: "Bearer bob" });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({
      error: { message: "the credentials were refused", type: "authentication", code: "authentication", param: null },
    });
    expect((await fetch(`${origin}/models`)).status).toBe(401);
    expect(simulator.requests).toHaveLength(0);
    expect((await postJson(`${origin}/chat/completions`, CHAT, { authorization: "Bearer ann" })).status).toBe(200);
    expect(seen).toEqual(["Bearer bob", undefined, "Bearer ann"]);
    await expect.poll(() => users).toEqual(["ann"]);
  });

  test.each([undefined, true, null, "yes"])("giving %j lets nobody in", async (answer) => {
    const { origin } = await relaying({ authorize: (() => answer) as never });
    expect((await postJson(`${origin}/chat/completions`, CHAT)).status).toBe(401);
  });

  test("is asked for at start-up, like everything else that is missing", () => {
    expect(() => openAICompatible({} as never)).toThrow(/`authorize` is missing/);
    expect(() => openAICompatible(undefined as never)).toThrow(/takes an options object/);
    expect(() => openAICompatible({ authorize: "none", modles: [] } as never)).toThrow(
      /unknown option of openAICompatible: modles/,
    );
    const client = new LLMClient({ provider: scriptedProvider(), env: false });
    expect(() => openAICompatible({ authorize: "none", client })).toThrow(/no base URL/);
  });

  test("uses the middleware's client where none is given", async () => {
    const simulator = await simulate();
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(clientOf(simulator))).use("/v1", openAICompatible({ authorize: "none" }));
    });
    expect((await postJson(`${origin}/v1/chat/completions`, CHAT)).status).toBe(200);
  });
});
