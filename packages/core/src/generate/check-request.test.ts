import { describe, expect, test } from "vitest";
import { checkRequest } from "./check-request.js";
import type { GenerateRequest } from "./generate-request.js";

/** What a request with these options is refused for; undefined: it is not. */
function refusal(options: object): string | undefined {
  const request = "prompt" in options || "messages" in options ? options : { prompt: "x", ...options };
  try {
    checkRequest(request as GenerateRequest);
    return undefined;
  } catch (error) {
    return (error as { detail: string }).detail;
  }
}

const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, "v"]));

describe("values at the edges of their ranges", () => {
  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ["temperature", [0, 0.7, 2], [-0.1, 2.1, "1", Number.NaN, null]],
    ["maxTokens", [1, 100_000], [0, 1.5, Number.POSITIVE_INFINITY]],
    ["maxCompletionTokens", [1], [0]],
    ["topP", [0, 1], [-0.1, 1.1]],
    ["topK", [0, 40], [-1, 0.5]],
    ["minP", [0, 1], [1.1]],
    ["topA", [0, 1], [1.1]],
    ["seed", [-7, 0, 7], [0.5, "7"]],
    ["stop", ["\n", ["a", "b", "c", "d"]], ["", [], [""], ["a", "b", "c", "d", "e"], 5]],
    ["frequencyPenalty", [-2, 2], [-2.1, 2.1]],
    ["presencePenalty", [-2, 2], [-2.1, 2.1]],
    ["repetitionPenalty", [0, 2], [-0.1, 2.1]],
    ["logitBias", [{ 50256: -100, 7: 100 }, {}], [{ 7: 101 }, [], 5]],
    ["logprobs", [true, false], [1, "true"]],
    ["topLogprobs", [0, 20], [-1, 21, 0.5]],
    ["maxToolCalls", [1, 30], [0, 31]],
    ["maxSteps", [1], [0, 0.5]],
    ["fallbackModels", [[], ["a/b"]], ["a/b", [""], [5]]],
    ["modalities", [["text", "audio"]], ["text", [5]]],
    ["audio", [{ voice: "alloy", format: "wav" }], ["wav", { voice: 5 }]],
    ["toolChoice", ["auto", { name: "f" }, { type: "openrouter:web_search" }], ["any", 5]],
    ["stopServerToolsWhen", [[{ type: "max_cost", max_cost_in_dollars: 1 }]], [[], {}, ["x"]]],
    ["plugins", [[], [{ id: "web" }]], [["web"], {}]],
    ["cache", ["auto", { type: "ephemeral", ttl: "1h" }], ["on", true]],
    ["sessionId", ["s".repeat(256)], ["", "s".repeat(257)]],
    ["user", ["u"], ["", 5]],
    ["metadata", [pairs(16), { ["k".repeat(64)]: "v".repeat(512) }], [pairs(17), { a: 5 }, { "": "v" }, []]],
    ["openRouterCache", [true, false, {}, { ttlMs: 1_000, clear: true }], ["on", { ttlMs: 999 }, { clear: 1 }]],
    ["responseCache", [true, false, {}, { ttlMs: 1 }], ["on", { ttlMs: 0 }, { ttl: 1 }, 5]],
    ["routerMetadata", [true], ["enabled"]],
    ["anthropicBeta", ["a", ["a", "b"]], ["", [""], 5]],
    ["timeouts", [{ idleMs: 0 }], [{ idleMs: -1 }, { idle: 5 }, 5]],
    ["retry", [false, { maxRetries: 0 }], [true, { maxRetries: -1 }, { retries: 5 }]],
    ["onMaxSteps", ["answer"], ["stop"]],
    ["repairToolCall", [() => undefined], [{}]],
    ["extraBody", [{ a: 1 }], ["a"]],
    ["headers", [{ "x-a": "b" }], [{ Host: "b" }, "x", new Headers({ "x-a": "b" }), new Map([["x-a", "b"]])]],
    [
      "signal",
      [AbortSignal.abort(), Object.assign(new EventTarget(), { aborted: false })],
      [null, {}, new AbortController(), { aborted: false }],
    ],
  ])("of %s", (name, right, wrong) => {
    for (const value of right) expect(refusal({ [name]: value }), JSON.stringify(value)).toBeUndefined();
    for (const value of wrong) expect(refusal({ [name]: value }), JSON.stringify(value)).toContain(name);
    expect(refusal({ [name]: undefined })).toBeUndefined();
  });
});

test.each<[object, string]>([
  [{ temperature: 3 }, "`temperature` is 3; allowed is a number from 0 to 2"],
  [{ topK: -1 }, "`topK` is -1; allowed is a whole number of 0 or more"],
  [{ metadata: pairs(17) }, "`metadata` has 17 pairs; allowed are at most 16"],
  [{ metadata: { a: "v".repeat(513) } }, '`metadata` has "a", a text of 513 characters; allowed are at most 512'],
  [{ metadata: { ["k".repeat(65)]: "v" } }, "`metadata` has a key of 65 characters; allowed are 1 to 64"],
  [{ reasoning: { maxTokens: 0 } }, "`reasoning.maxTokens` is 0; allowed is a whole number of 1 or more"],
  [
    { routing: { maxPrice: { prompt: "1" } } },
    '`routing.maxPrice` has "prompt", which is a text of 1 characters; allowed is a number of 0 or more',
  ],
  [
    { routing: { dataCollection: "no" } },
    '`routing.dataCollection` is a text of 2 characters; allowed is "allow" or "deny"',
  ],
  [{ openRouterCache: "on" }, "`openRouterCache` is a text of 2 characters; allowed is true, false or an object"],
  [{ stopWhen: [5] }, "`stopWhen` is a list of 1; allowed is a function, or a list of functions"],
  [{ cache: "on" }, '`cache` is a text of 2 characters; allowed is "auto" or an object'],
  [
    { routing: { preferredMaxLatency: { p50: -1 } } },
    "`routing.preferredMaxLatency` is an object; allowed is a number of 0 or more, or such numbers by percentile",
  ],
  [{ top_k: 5 }, 'unknown key "top_k" in request; did you mean "topK"?'],
  [{ models: ["v/m"] }, 'unknown key "models" in request; did you mean "fallbackModels"?'],
  [{ provider: { zdr: true } }, 'unknown key "provider" in request; did you mean "routing"?'],
  [{ cacheControl: "auto" }, 'unknown key "cacheControl" in request; did you mean "cache"?'],
  [{ reasoning: { max_tokens: 5 } }, 'unknown key "max_tokens" in reasoning; did you mean "maxTokens"?'],
  [{ openRouterCache: { ttl_ms: 5 } }, 'unknown key "ttl_ms" in openRouterCache; did you mean "ttlMs"?'],
  [{ reasoning: { effort: "low", maxTokens: 5 } }, "`reasoning.effort` and `reasoning.maxTokens` exclude each other"],
  [
    { maxTokens: 5, maxCompletionTokens: 5 },
    "`maxTokens` and `maxCompletionTokens` are the same bound: give one of them",
  ],
  [{ prompt: "x", messages: [] }, "give exactly one of `prompt` and `messages`"],
  [{ messages: [] }, "`messages` is a list of at least one message"],
  [{ messages: [{ role: "user", content: "x" }, "y"] }, "`messages[1]` is no message: it has no `role`"],
])("%j is refused in so many words", (options, words) => {
  expect(refusal(options)).toBe(words);
});

test("all mistakes are told at once", () => {
  expect(refusal({ topP: 2, seed: 0.5, tempreature: 1 })).toBe(
    'unknown key "tempreature" in request; did you mean "temperature"?; ' +
      "`topP` is 2; allowed is a number from 0 to 1; `seed` is 0.5; allowed is a whole number",
  );
});

test.each(["responseFormat", "response_format", "stream", "includeReasoning", "transforms"])(
  "%s has no option, and the refusal says what to do",
  (key) => {
    expect(refusal({ [key]: true })).toMatch(new RegExp(`^unknown key "${key}" in request: .{20}`));
  },
);

test("texts are never shown: they may be secrets or prompts", () => {
  const secret = "sentinel-secret";
  for (const options of [{ temperature: secret }, { modalities: secret }, { metadata: secret }, { toolChoice: secret }])
    expect(refusal(options)).not.toContain(secret);
});

test("sound by its address is refused wherever it stands; base64 and unknown parts pass", () => {
  const sound = (data: unknown) => ({ type: "input_audio", input_audio: { data, format: "mp3" } });
  const saying = (part: unknown) =>
    refusal({ messages: [{ role: "user", content: [{ type: "text", text: "a:b" }, part] }] });
  for (const address of ["https://example.org/a.mp3", "data:audio/mp3;base64,AAAA"])
    expect(saying(sound(address))).toBe("`messages[0]` has sound by its address");
  for (const part of [sound("SUQzBAAAAAAA"), sound(undefined), { type: "new_part" }, { type: "input_audio" }, null])
    expect(saying(part)).toBeUndefined();
});
