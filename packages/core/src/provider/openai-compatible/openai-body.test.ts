import { describe, expect, test } from "vitest";
import { InvalidRequestError } from "../../errors/error-classes.js";
import type { ChatBody } from "../../messages/chat-body.js";
import { openAIBody } from "./openai-body.js";
import { createOpenAICompatibleProvider } from "./openai-compatible-provider.js";

const messages: ChatBody["messages"] = [{ role: "user", content: "Hi" }];

test("what only OpenRouter has is left out, in place, and the given body stays as it was", () => {
  const body: ChatBody = Object.freeze({
    model: "m",
    models: ["n"],
    messages,
    provider: { order: ["a"], allow_fallbacks: false, zdr: false, data_collection: "allow" },
    plugins: [{ id: "response-healing" }, { id: "web", enabled: false }],
    transforms: [],
    preset: "p",
    session_id: "s",
    speed: "fast",
    image_config: { quality: "high" },
    max_tool_calls: 3,
    stop_server_tools_when: [{ type: "step_count_is", step_count: 1 }],
    trace: { trace_id: "t" },
    debug: { echo_upstream_body: true },
    seed: 1,
  });
  expect(openAIBody(body, "custom")).toEqual({ model: "m", messages, seed: 1 });
});

test("sampling that OpenAI refuses is left out there, and kept for other servers", () => {
  const body: ChatBody = {
    model: "m",
    messages,
    top_k: 5,
    min_p: 0.1,
    repetition_penalty: 1.1,
    top_a: 0.5,
    top_p: 0.9,
  };
  expect(openAIBody(body, "openai")).toEqual({ model: "m", messages, top_p: 0.9 });
  expect(openAIBody(body, "custom")).toEqual(body);
});

test("the bound on tokens has the name that OpenAI takes, an own one wins", () => {
  expect(openAIBody({ messages, max_tokens: 5 }, "openai")).toEqual({ messages, max_completion_tokens: 5 });
  expect(openAIBody({ messages, max_tokens: 5, max_completion_tokens: 7 }, "openai")).toEqual({
    messages,
    max_completion_tokens: 7,
  });
  expect(openAIBody({ messages, max_tokens: 5 }, "custom")).toEqual({ messages, max_tokens: 5 });
});

test("the effort of reasoning has OpenAI's name", () => {
  expect(openAIBody({ messages, reasoning: { effort: "low", exclude: true } }, "custom")).toEqual({
    messages,
    reasoning_effort: "low",
  });
  expect(openAIBody({ messages, reasoning: { enabled: false } }, "custom")).toEqual({ messages });
});

test("streams ask for usage unless they say otherwise", () => {
  expect(openAIBody({ messages, stream: true }, "custom").stream_options).toEqual({ include_usage: true });
  expect(openAIBody({ messages, stream: true, stream_options: {} }, "custom").stream_options).toEqual({});
  expect(openAIBody({ messages }, "custom")).not.toHaveProperty("stream_options");
});

describe("what must not get lost silently is refused", () => {
  test.each([
    [{ provider: { zdr: true } }, "zdr"],
    [{ provider: { data_collection: "deny" } }, "data_collection"],
    [{ provider: { max_price: { prompt: 1 } } }, "max_price"],
    [{ plugins: [{ id: "web" }] }, "plugins"],
    [{ plugins: { id: "web" } as never }, "plugins"],
  ])("%j", (fields, word) => {
    for (const name of ["openai", "custom"] as const) {
      expect(() => openAIBody({ messages, ...fields }, name)).toThrow(InvalidRequestError);
      expect(() => openAIBody({ messages, ...fields }, name)).toThrow(word);
    }
  });
});

test("custom needs a base URL", () => {
  expect(() => createOpenAICompatibleProvider({ name: "custom" })).toThrow("baseURL is required");
});
