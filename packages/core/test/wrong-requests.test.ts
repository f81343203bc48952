import { expect, test } from "vitest";
import { ConfigurationError, LLMClient } from "../src/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";

const CALLS: Record<string, (llm: LLMClient, request: never) => Promise<unknown>> = {
  generate: (llm, request) => llm.generate(request),
  stream: (llm, request) => llm.stream(request).result,
  generateStructured: (llm, request) => llm.generateStructured(request),
  streamStructured: (llm, request) => llm.streamStructured(request).result,
  embed: (llm, request) => llm.embed(request),
  rerank: (llm, request) => llm.rerank(request),
};

test.each(Object.keys(CALLS))("%s() of something that is no request rejects with invalid_request", async (name) => {
  const { llm, provider } = scriptedClient(["x"]);
  for (const request of [undefined, null, "hi"]) {
    expect((await rejection(CALLS[name]?.(llm, request as never) as Promise<unknown>)).code).toBe("invalid_request");
  }
  expect(provider.requests).toEqual([]);
});

test.each([[null], ["key"], [7], [true], [[]]])(
  "new LLMClient(%j) is a mistake of configuration that says what it takes",
  (options) => {
    expect(() => new LLMClient(options as never)).toThrow(ConfigurationError);
    expect(() => new LLMClient(options as never)).toThrow("client options are an object such as { apiKey }");
  },
);

const REQUESTS = {
  generate: { prompt: "x" },
  stream: { prompt: "x" },
  embed: { input: "x" },
  rerank: { query: "x", documents: ["y"] },
};
const names = Object.keys(REQUESTS) as (keyof typeof REQUESTS)[];

test.each(names)(
  "%s() with a signal that is none, such as its controller, rejects with invalid_request",
  async (name) => {
    const { llm, provider } = scriptedClient(["one two"]);
    const request = { ...REQUESTS[name], signal: new AbortController() };
    const error = await rejection(CALLS[name]?.(llm, request as never) as Promise<unknown>);
    expect([error.code, error.detail.includes("AbortSignal"), provider.requests]).toEqual([
      "invalid_request",
      true,
      [],
    ]);
  },
);

test.each(names)("%s() with a header that is ours to set rejects with invalid_request", async (name) => {
  const { llm, provider } = scriptedClient(["one two"]);
  for (const header of ["Authorization", "host", "content-length"]) {
    const request = { ...REQUESTS[name], headers: { [header]: "mine" } };
    const error = await rejection(CALLS[name]?.(llm, request as never) as Promise<unknown>);
    expect([error.code, error.detail]).toEqual(["invalid_request", `\`headers\` may not set ${header.toLowerCase()}`]);
  }
  expect(provider.requests).toEqual([]);
});

test.each([
  ["generate", {}],
  ["stream", {}],
  ["generateStructured", { schema: { type: "object" } }],
  ["streamStructured", { schema: { type: "object" } }],
])("%s() with something among its tools that is none rejects with invalid_request", async (name, more) => {
  const { llm, provider } = scriptedClient(["x"]);
  for (const tool of [undefined, null, "weather", {}, { name: "weather", parameters: {}, execute: () => 1 }]) {
    const work = CALLS[name]?.(llm, { prompt: "x", tools: [tool], ...more } as never) as Promise<unknown>;
    expect(await rejection(work)).toMatchObject({
      code: "invalid_request",
      detail: "`tools` is a list of 1; allowed is a list of what tool() made and of objects with a `type`",
    });
  }
  expect(provider.requests).toEqual([]);
});
