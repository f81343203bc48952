import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verbatimModel } from "../models/resolve-model.js";
import { type BodyParts, buildBody } from "./build-body.js";
import type { GenerateRequest } from "./generate-request.js";
import { REQUEST_OPTIONS } from "./request-options.js";

const NO_DEFAULTS: BodyParts["defaults"] = {
  temperature: undefined,
  maxTokens: undefined,
  routing: undefined,
  user: undefined,
  disableThinking: undefined,
};

function bodyOf(request: GenerateRequest, defaults: Partial<BodyParts["defaults"]> = {}, model = "acme/m") {
  return buildBody({
    request,
    model: verbatimModel(model),
    fallbacks: request.fallbackModels ?? [],
    info: undefined,
    metadata: request.metadata,
    tools: undefined,
    defaults: { ...NO_DEFAULTS, ...defaults },
  });
}

type Sent = Exclude<
  { [K in keyof typeof REQUEST_OPTIONS]: K }[keyof typeof REQUEST_OPTIONS],
  | "prompt"
  | "messages"
  | "system"
  | "maxSteps"
  | "stopWhen"
  | "onMaxSteps"
  | "onToolError"
  | "repairToolCall"
  | "approvals"
  | "openRouterCache"
  | "responseCache"
  | "routerMetadata"
  | "anthropicBeta"
  | "extraBody"
  | "headers"
  | "signal"
  | "timeouts"
  | "retry"
  | "tools"
  | "model"
  | "maxTokens"
>;

/** One value for each option that goes out, and what the wire has for it where that is not the same. */
const SAMPLES: { [K in Sent]: readonly [given: NonNullable<GenerateRequest[K]>, sent?: unknown] } = {
  fallbackModels: [["b/c"]],
  temperature: [0.5],
  maxCompletionTokens: [7],
  topP: [0.5],
  topK: [5],
  minP: [0.1],
  topA: [0.2],
  seed: [1],
  stop: [["a", "b"]],
  frequencyPenalty: [1],
  presencePenalty: [-1],
  repetitionPenalty: [1.1],
  logitBias: [{ 7: -100 }],
  logprobs: [true],
  topLogprobs: [3],
  reasoning: [
    { maxTokens: 5, summary: "auto", context: "all_turns", mode: "pro", exclude: true },
    { max_tokens: 5, summary: "auto", context: "all_turns", mode: "pro", exclude: true },
  ],
  toolChoice: [{ name: "f" }, { type: "function", function: { name: "f" } }],
  parallelToolCalls: [false],
  maxToolCalls: [3],
  stopServerToolsWhen: [[{ type: "step_count_is", step_count: 5 }]],
  routing: [
    { only: ["openai"], allowFallbacks: false, maxPrice: { prompt: 1 }, sort: { by: "price", partition: "none" } },
    { only: ["openai"], allow_fallbacks: false, max_price: { prompt: 1 }, sort: { by: "price", partition: "none" } },
  ],
  plugins: [[{ id: "web", max_results: 3 }]],
  modalities: [["text", "image"]],
  audio: [{ voice: "alloy", format: "wav" }],
  imageConfig: [{ aspect_ratio: "16:9" }],
  webSearchOptions: [{ search_context_size: "low" }],
  prediction: [{ type: "content", content: "text" }],
  cache: [{ type: "ephemeral", ttl: "1h" }],
  promptCacheKey: ["k"],
  promptCacheOptions: [{ mode: "explicit", ttl: "30m" }],
  user: ["ann"],
  sessionId: ["s"],
  metadata: [{ team: "a" }],
  trace: [{ trace_id: "t", own: { deep: 1 } }],
  serviceTier: ["flex"],
  speed: ["fast"],
  verbosity: ["low"],
  preset: ["p"],
  debug: [{ echo_upstream_body: true }],
};

test.each(Object.entries(SAMPLES))(
  "%s goes out under its wire name, and only when it is given",
  (name, [given, sent = given]) => {
    const { wire = "" } = REQUEST_OPTIONS[name as Sent];
    expect(bodyOf({ prompt: "x", [name]: given })).toEqual({ model: "acme/m", [wire]: sent });
    expect(bodyOf({ prompt: "x", [name]: undefined })).toEqual({ model: "acme/m" });
  },
);

describe("defaults of client and scope", () => {
  test("stand in for what the request leaves out", () => {
    const defaults = { temperature: 1, maxTokens: 50, user: "bob", routing: { zdr: true, only: ["a"] } };
    const wire = { model: "acme/m", temperature: 1, max_tokens: 50, user: "bob", provider: { only: ["a"], zdr: true } };
    expect(bodyOf({ prompt: "x" }, defaults)).toEqual(wire);
    expect(bodyOf({ prompt: "x", temperature: 0, user: "ann", routing: { only: ["b"] } }, defaults)).toEqual({
      ...wire,
      temperature: 0,
      user: "ann",
      provider: { only: ["b"], zdr: true },
    });
  });

  test("a bound under the newer name takes the place of the default under the older", () => {
    expect(bodyOf({ prompt: "x", maxCompletionTokens: 9 }, { maxTokens: 50 })).toEqual({
      model: "acme/m",
      max_completion_tokens: 9,
    });
  });
});

test("a bound in extraBody takes the place of the default, too", () => {
  const extraBody = { max_completion_tokens: 9 };
  expect(bodyOf({ prompt: "x", extraBody }, { maxTokens: 50 })).toEqual({ model: "acme/m", max_completion_tokens: 9 });
  expect(bodyOf({ prompt: "x", extraBody, maxTokens: 5 }, { maxTokens: 50 })).toMatchObject({ max_tokens: 5 });
});

test("fallbacks of extraBody that are no list win as they stand, so that policy can judge them", () => {
  const models = (given: unknown) => bodyOf({ prompt: "x", fallbackModels: ["b/c"], extraBody: { models: given } });
  expect([models("d/e"), models(null), models(undefined)]).toEqual([
    { model: "acme/m", models: "d/e" },
    { model: "acme/m", models: null },
    { model: "acme/m" },
  ]);
});

test("a group of options in which nothing is set counts as absent", () => {
  expect(bodyOf({ prompt: "x", reasoning: { effort: undefined }, routing: {} })).toEqual({ model: "acme/m" });
  expect(bodyOf({ prompt: "x", reasoning: {} })).not.toHaveProperty("reasoning");
});

test("extraBody wins over typed options, takes fields away, and never sets messages, stream or an unresolved id", () => {
  const extraBody = {
    top_p: 0.1,
    seed: undefined,
    stream: true,
    messages: [],
    model: "other/m",
    models: ["x"],
    z: null,
  };
  expect(bodyOf({ prompt: "x", topP: 0.9, seed: 7, extraBody })).toEqual({ model: "acme/m", top_p: 0.1, z: null });
});

test("caching for everybody marks only for vendors that cache what is marked", () => {
  const marked = (model: string) => "cache_control" in bodyOf({ prompt: "x", cache: "auto" }, {}, model);
  expect(["anthropic/claude-sonnet-5", "~anthropic/claude-latest", "google/gemini-3"].map(marked)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["openai/gpt-5", "deepseek/deepseek-v4", "anthropicx/a"].map(marked)).toEqual([false, false, false]);
});

/** The same entries in another order. */
function mixed<T extends object>(value: T, order: readonly number[]): [string, unknown][] {
  const ranked = Object.entries(value).map((entry, at) => [order[at % order.length] ?? 0, entry] as const);
  return ranked.sort(([a], [b]) => a - b).map(([, entry]) => entry as [string, unknown]);
}

/** The same value with the keys of its objects in another order; lists keep theirs. */
function shuffled(value: unknown, order: readonly number[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(mixed(value, order).map(([key, item]) => [key, shuffled(item, order)]));
}

const AS_GIVEN = new Set<string>(["metadata", "trace", "prediction", "cache", "toolChoice"]);
const orders = fc.array(fc.integer(), { minLength: 3, maxLength: 12 });

describe("equal requests give equal bytes", () => {
  test("in whatever order options, and the keys inside of them, were written", () => {
    const names = Object.keys(SAMPLES) as Sent[];
    fc.assert(
      fc.property(fc.subarray(names), orders, fc.dictionary(fc.string(), fc.jsonValue()), (chosen, order, extra) => {
        const extraBody = Object.fromEntries(Object.entries(extra).map(([key, item]) => [`x_${key}`, item]));
        const given = { prompt: "x", ...Object.fromEntries(chosen.map((name) => [name, SAMPLES[name][0]])), extraBody };
        const other = mixed(given, order).map(([key, value]) => {
          if (key === "extraBody") return [key, Object.fromEntries(mixed(extraBody, order))];
          return [key, AS_GIVEN.has(key) ? value : shuffled(value, order)];
        });
        const again: GenerateRequest = Object.fromEntries(other);
        expect(JSON.stringify(bodyOf(again))).toBe(JSON.stringify(bodyOf(given)));
      }),
    );
  });

  test("whether the model is the call's or the client's", () => {
    const request = { prompt: "x", temperature: 1, user: "ann" };
    expect(JSON.stringify(bodyOf({ ...request, model: "acme/m" }))).toBe(JSON.stringify(bodyOf(request)));
    expect(JSON.stringify(bodyOf({ ...request, extraBody: { model: "acme/m" } }))).toBe(
      JSON.stringify(bodyOf(request)),
    );
  });

  test("numbers as keys, deep price limits and percentiles too", () => {
    const one: GenerateRequest = {
      prompt: "x",
      imageConfig: { quality: "high", aspect_ratio: "1:1" },
      routing: { preferredMaxLatency: { p90: 3, p50: 1 }, maxPrice: { completion: 2, prompt: 1 } },
      logitBias: { 20: 1, 3: 2 },
    };
    const other: GenerateRequest = {
      logitBias: { 3: 2, 20: 1 },
      routing: { maxPrice: { prompt: 1, completion: 2 }, preferredMaxLatency: { p50: 1, p90: 3 } },
      imageConfig: { aspect_ratio: "1:1", quality: "high" },
      prompt: "x",
    };
    expect(JSON.stringify(bodyOf(one))).toBe(JSON.stringify(bodyOf(other)));
  });

  test("what is in wire shape goes out as it was written, key by key", () => {
    const metadata = { z: "1", a: "2" };
    const plugins = [{ max_results: 3, id: "web" as const }];
    const trace = { z: 1, a: { z: 1, a: 2 } };
    const body = bodyOf({ prompt: "x", metadata, plugins, trace });
    for (const [field, value] of Object.entries({ metadata, plugins, trace }))
      expect(JSON.stringify(body[field])).toBe(JSON.stringify(value));
    expect([metadata, plugins, trace]).toEqual([
      { z: "1", a: "2" },
      [{ max_results: 3, id: "web" }],
      { z: 1, a: { z: 1, a: 2 } },
    ]);
  });
});
