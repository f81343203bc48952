import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { type GenerateRequest, type GenerateResult, LLMClient } from "../src/index.js";
import { rejection } from "./rejection.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

const METADATA = {
  requested: "openai/gpt-5",
  strategy: "fallback",
  region: null,
  summary: "available=2, selected=OpenAI",
  attempt: 2,
  is_byok: false,
  endpoints: { total: 1, available: [{ provider: "OpenAI", model: "openai/gpt-5", selected: true }] },
  pipeline: [{ type: "new_stage", data: { a: 1 } }],
};
const DEBUG = [{ echo_upstream_body: { model: "a" } }, { echo_upstream_body: { model: "b" } }];
const CACHED = { "x-openrouter-cache-status": "HIT", "x-openrouter-cache-age": "12", "x-openrouter-cache-ttl": "288" };

const WAYS: Record<string, (llm: LLMClient, request: GenerateRequest) => Promise<GenerateResult>> = {
  whole: (llm, request) => llm.generate(request),
  streamed: (llm, request) => llm.stream(request).result,
};
const ways = Object.keys(WAYS);
const ask = (way: string, llm: LLMClient, request: Partial<GenerateRequest> = {}) =>
  (WAYS[way] as (typeof WAYS)[string])(llm, { prompt: "x", model: "openai/gpt-5", ...request });

/** Answers as it was asked: whole or as a stream whose last chunk carries `facts`. */
function answer(stream: boolean, response: ServerResponse, facts: object, headers: Record<string, string> = {}) {
  if (!stream) return json(response, 200, { ...completion, ...facts }, headers);
  response.writeHead(200, { "content-type": "text/event-stream", ...headers }).flushHeaders();
  const last = { id: "gen-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }], ...facts };
  events(response, ...DEBUG.map((debug) => ({ id: "gen-1", choices: [], debug })), textChunk("hi"), last);
  return response.end("data: [DONE]\n\n");
}

describe.each(ways)("an answer that is %s", (way) => {
  const streaming = way === "streamed";

  test("tells how it was routed, by which tier it was served and whether it was stored", async () => {
    const facts = { openrouter_metadata: METADATA, service_tier: "priority" };
    const { llm } = await upstream((_seen, response) => answer(streaming, response, facts, CACHED));
    const result = await ask(way, llm);
    expect(result).toMatchObject({
      text: "hi",
      serviceTier: "priority",
      routerMetadata: METADATA,
      openRouterCache: { status: "hit", ageMs: 12_000, ttlMs: 288_000 },
    });
    expect(result.debug).toEqual(streaming ? DEBUG : undefined);
    const [step] = result.steps;
    expect([step?.serviceTier, step?.routerMetadata, step?.openRouterCache]).toEqual([
      result.serviceTier,
      result.routerMetadata,
      result.openRouterCache,
    ]);
  });

  test("tells nothing that it was not told", async () => {
    const nulls = { service_tier: null, openrouter_metadata: null, debug: null };
    const { llm } = await upstream((_seen, response) => answer(streaming, response, nulls));
    const result = await ask(way, llm);
    for (const name of ["serviceTier", "routerMetadata", "openRouterCache"]) expect(result).not.toHaveProperty(name);
  });

  test("of a second attempt has nothing of the first", async () => {
    const failure = { code: 502, message: "no" };
    const { llm, clock } = await upstream((_seen, response, count) => {
      if (count === 2) return answer(streaming, response, {});
      if (!streaming) return json(response, 502, { error: failure }, CACHED);
      response.writeHead(200, { "content-type": "text/event-stream", ...CACHED });
      return response.end(`data: ${JSON.stringify({ error: failure, service_tier: "flex" })}\n\n`);
    });
    const result = ask(way, llm);
    await clock.waiting(250);
    clock.advance(250);
    expect((await result).attempts).toHaveLength(2);
    for (const name of ["openRouterCache", "serviceTier"]) expect(await result).not.toHaveProperty(name);
  });

  test.each<[Partial<GenerateRequest>, Record<string, string>]>([
    [{}, {}],
    [{ openRouterCache: true }, { "x-openrouter-cache": "true" }],
    [{ openRouterCache: false }, { "x-openrouter-cache": "false" }],
    [
      { openRouterCache: { ttlMs: 90_500, clear: true } },
      { "x-openrouter-cache": "true", "x-openrouter-cache-ttl": "91", "x-openrouter-cache-clear": "true" },
    ],
    [{ openRouterCache: { clear: false } }, { "x-openrouter-cache": "true" }],
    [{ routerMetadata: true }, { "x-openrouter-metadata": "enabled" }],
    [{ routerMetadata: false }, { "x-openrouter-metadata": "disabled" }],
    [{ anthropicBeta: [] }, {}],
    [{ anthropicBeta: "one-2025" }, { "x-anthropic-beta": "one-2025" }],
    [{ anthropicBeta: ["one-2025", "two-2026"] }, { "x-anthropic-beta": "one-2025,two-2026" }],
    [
      { routerMetadata: true, headers: { "X-OpenRouter-Metadata": "disabled", "x-own": "1" } },
      { "x-openrouter-metadata": "disabled", "x-own": "1" },
    ],
  ])("asked for with %j sends these headers, and no field", async (options, headers) => {
    const { llm, requests } = await upstream((_seen, response) => answer(streaming, response, {}));
    await ask(way, llm, options);
    const [seen] = requests;
    const sent = Object.entries(seen?.headers ?? {}).filter(([name]) => /^x-(openrouter|anthropic|own)/.test(name));
    expect(Object.fromEntries(sent)).toEqual(headers);
    expect(Object.keys(seen?.body ?? {}).sort()).toEqual(["messages", "model", ...(streaming ? ["stream"] : [])]);
  });
});

test("a stream that breaks says on `partial` what it had been told", async () => {
  const { llm } = await upstream((_seen, response) => {
    events(response, { ...textChunk("hal"), service_tier: "flex", openrouter_metadata: METADATA });
    return response.end();
  });
  const error = await rejection(ask("streamed", llm));
  expect([error.code, error.partial]).toEqual([
    "stream_truncated",
    expect.objectContaining({ text: "hal", serviceTier: "flex", routerMetadata: METADATA }),
  ]);
  expect(JSON.stringify(error)).not.toContain("hal");
});

test.each(["openai", "custom"] as const)("nothing of OpenRouter's headers goes to %s", async (provider) => {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), {
    provider,
    model: "m",
  });
  const options = { openRouterCache: true, routerMetadata: true, anthropicBeta: "a", headers: { "x-own": "1" } };
  await llm.generate({ prompt: "x", ...options });
  await llm.embed({ input: "x", openRouterCache: true, sessionId: "s" }).catch(() => undefined);
  const names = requests.flatMap(({ headers }) => Object.keys(headers)).filter((name) => name.startsWith("x-"));
  expect([requests.length, names]).toEqual([2, ["x-own"]]);
});

describe("what the app is", () => {
  test("goes with every request, those of other clients included", async () => {
    const appCategories = ["cli-agent", "writing-assistant"];
    const { llm, requests, baseURL } = await upstream((_seen, response) => json(response, 200, completion), {
      appCategories,
    });
    await llm.generate({ prompt: "x" });
    await llm.fetch(`${baseURL}/models`);
    expect(requests.map(({ headers }) => headers["x-openrouter-categories"])).toEqual([
      "cli-agent,writing-assistant",
      "cli-agent,writing-assistant",
    ]);
  });

  test.each([[["a", "b", "c"]], [["a\nb"]], [[""]], ["cli-agent"]])("is refused as %j", (given) => {
    const appCategories = given as string[];
    expect(() => new LLMClient({ apiKey: "k", env: false, appCategories })).toThrow(
      expect.objectContaining({ code: "invalid_config", detail: expect.stringContaining("appCategories") }),
    );
  });
});

test("values that no header can carry are refused before anything is sent", async () => {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion));
  for (const work of [
    llm.generate({ prompt: "x", anthropicBeta: "a\r\nx-evil: 1" }),
    llm.embed({ input: "x", sessionId: "a\nb" }),
    llm.embed({ input: "x", sessionId: "日本" }),
  ])
    expect((await rejection(work)).code).toBe("invalid_request");
  expect(requests).toEqual([]);
});
