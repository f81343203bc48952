import type { LLMClientOptions } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { llmMiddleware, openAICompatible } from "../src/index.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";

const CHAT = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals and boxes" }] };

async function relaying(clientOptions: LLMClientOptions = {}, models?: string[]) {
  const simulator = await simulate();
  const client = clientOf(simulator, clientOptions);
  const { origin } = await serve((app) => void app.use(openAICompatible({ client, authorize: "none", models })));
  const failWith = (status: number, error: object) =>
    simulator.replay({
      response: { status, headers: { "content-type": "application/json" }, body: JSON.stringify({ error }) },
    });
  return { simulator, origin, failWith };
}

describe("what upstream says of a failure", () => {
  test.each([
    [401, 500, "authentication"],
    [402, 402, "insufficient_credits"],
  ])("with %i is kept from callers, also where it looks like a refusal of ours", async (status, told, code) => {
    const { origin, failWith } = await relaying();
    failWith(status, { type: "rate_limit", code: "rate_limit", message: "account ACME", metadata: { raw: "ACME" } });
    const answer = await postJson(`${origin}/chat/completions`, CHAT);
    expect(answer.status).toBe(told);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ error: { type: code, code, param: null } });
    expect(text).not.toContain("ACME");
  });

  test("goes out without the server's key, whatever the key looks like", async () => {
    const { origin, failWith } = await relaying({ provider: "custom", apiKey: "plain-words-of-acme" });
    failWith(400, { message: "no field for plain-words-of-acme" });
    const answer = await postJson(`${origin}/chat/completions`, CHAT);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: "no field for [redacted]" } });
  });
});

test.each([["anthropic/claude-3-haiku"], { id: "anthropic/claude-3-haiku" }, 1].map((model) => [model]))(
  "a bound on models lets no %j past in the place of an id",
  async (model) => {
    const { simulator, origin } = await relaying({}, ["openai/*"]);
    const asked = { ...CHAT, input: "a", model };
    const tools = [{ type: "openrouter:image_generation", parameters: { model } }];
    for (const [path, body] of [
      ["/chat/completions", asked],
      ["/embeddings", asked],
      ["/chat/completions", { ...CHAT, tools }],
    ] as const) {
      const answer = await postJson(origin + path, body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { code: "invalid_request" } });
    }
    expect(simulator.requests).toEqual([]);
  },
);

test("a key that the middleware took from the caller is the caller's fault, unless the router has its own client", async () => {
  const simulator = await simulate();
  const { origin } = await serve((app) => {
    const client = clientOf(simulator);
    app.use(llmMiddleware(client, () => ({ apiKey: "sk-or-of-the-caller" })));
    app.use("/theirs", openAICompatible({ authorize: "none" }));
    app.use("/ours", openAICompatible({ client: clientOf(simulator), authorize: "none" }));
  });
  for (const [path, status] of [
    ["theirs", 401],
    ["ours", 500],
  ] as const) {
    simulator.fault("401");
    expect((await postJson(`${origin}/${path}/chat/completions`, CHAT)).status).toBe(status);
  }
});
