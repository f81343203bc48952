import { describe, expect, test } from "vitest";
import { BUNDLED_MODELS } from "./bundled-models.js";
import { type AskedAbilities, capabilityWarnings } from "./capability-warnings.js";
import type { ModelInfo } from "./model-types.js";

const NOW = Date.UTC(2026, 10, 23, 12);
const live: ModelInfo = {
  id: "acme/m",
  name: "m",
  inputModalities: ["text"],
  outputModalities: ["text"],
  supportedParameters: ["max_tokens", "temperature"],
  raw: {},
};
const told = (body: AskedAbilities, row: ModelInfo | undefined = live) =>
  capabilityWarnings(body, row, NOW).map(({ code, message }) => `${code}: ${message}`);
const asking = (...types: string[]) => ({ messages: [{ role: "user", content: types.map((type) => ({ type })) }] });
const tools = [{ type: "function", function: { name: "f", parameters: {} } }];
const strict = { provider: { require_parameters: true } };
const answers404 = "OpenRouter is likely to answer 404";

describe("what a model is not known to do", () => {
  test("parts that it does not read, each kind once; documents are read for every model", () => {
    expect(told(asking("text", "image_url", "image_url", "input_audio", "file"))).toEqual([
      `unsupported_input: acme/m is not known to read image; ${answers404}`,
      `unsupported_input: acme/m is not known to read audio; ${answers404}`,
    ]);
    expect(told(asking("image_url"), { ...live, inputModalities: ["text", "image"] })).toEqual([]);
    expect(told({ messages: [{ role: "user", content: "text" }, null, 7] })).toEqual([]);
  });

  test("parts and answers of no known kind are upstream's to judge, whatever they are called", () => {
    const oddity = { toString: 1, valueOf: 1 };
    const part = { type: oddity } as unknown;
    const body = { messages: [...asking("constructor").messages, { role: "user", content: [part] }] };
    expect(told({ ...body, modalities: [oddity] })).toEqual([]);
  });

  test("kinds of answers that it does not make", () => {
    expect(told({ modalities: ["text", "image"] })).toEqual([
      `unsupported_output: acme/m is not known to make image; ${answers404}`,
    ]);
  });

  test("tools without tools are refused upstream; server tools are the router's own", () => {
    expect(told({ tools, tool_choice: "auto", parallel_tool_calls: true })).toEqual([
      `unsupported_parameter: acme/m is not known to support tools; ${answers404}`,
    ]);
    expect(told({ tools: [{ type: "openrouter:web_search" }] })).toEqual([]);
    expect(told({ tools }, { ...live, supportedParameters: ["tools"] })).toEqual([]);
  });

  test("other fields are dropped silently, unless every one is required", () => {
    expect(told({ top_k: 5, temperature: 1 })).toEqual([
      "unsupported_parameter: acme/m is not known to support top_k; it is ignored",
    ]);
    expect(told({ top_k: 5, temperature: 1, ...strict })).toEqual([
      `unsupported_parameter: acme/m is not known to support top_k; ${answers404}`,
    ]);
    expect(told({ user: "ann", metadata: {}, plugins: [], my_own_field: 1, __proto__: 1, ...strict })).toEqual([]);
  });

  test("one ability under several names", () => {
    expect(told({ max_completion_tokens: 5 })).toEqual([]);
    const thinking = { ...live, supportedParameters: ["include_reasoning"] };
    expect(told({ reasoning: { effort: "high" } }, thinking)).toEqual([]);
    expect(told({ reasoning: { effort: "none" } })).toEqual([]);
    expect(told({ reasoning: { enabled: true } })).toHaveLength(1);
  });

  test("each kind of format needs its own ability", () => {
    const jsonMode = { ...live, supportedParameters: ["response_format"] };
    expect(told({ response_format: { type: "json_object" } }, jsonMode)).toEqual([]);
    expect(told({ response_format: { type: "json_schema" } }, jsonMode)).toHaveLength(1);
    expect(told({ response_format: { type: "text" } })).toEqual([]);
  });

  test("a row that tells nothing is asked nothing, and an unknown model neither", () => {
    const silent = { ...live, inputModalities: [], outputModalities: [], supportedParameters: [] };
    const body = { ...asking("image_url"), tools, modalities: ["image"], top_k: 1, ...strict };
    expect(told(body, silent)).toEqual([]);
    expect(capabilityWarnings(body, undefined, NOW)).toEqual([]);
  });

  test("rows of the bundled snapshot speak of what they know only", () => {
    const row = BUNDLED_MODELS.find(({ id }) => id === "anthropic/claude-3-haiku");
    expect(told({ top_k: 5, seed: 1, stop: "x", max_tokens: 5, ...strict }, row)).toEqual([]);
    expect(told({ reasoning: { effort: "high" } }, row)).toEqual([
      "unsupported_parameter: anthropic/claude-3-haiku is not known to support reasoning; it is ignored",
    ]);
  });
});

test.each([
  ["2026-11-01", 1],
  ["2026-12-06", 1],
  ["2026-12-08", 0],
  ["soon", 0],
])("a model that is served until %s", (expirationDate, count) => {
  expect(told({}, { ...live, expirationDate })).toHaveLength(count);
});
