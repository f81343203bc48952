import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/index.js";
import { hasCorpus, recordings } from "./corpus.js";
import { type Answered, post, question, type Streamed, stream, takenApart, type Wire } from "./simulator-client.js";
import { kindOf, ShapeStatistics, shapeOf } from "./wire-shape.js";

// What OpenRouter sends changes: "always" is asked of recordings made since then (2026-05-05).
const recentSince = 1_778_000_000;

const statistics = new Map<string, { all: ShapeStatistics; recent: ShapeStatistics }>();
const recordedOrders = new Set<string>();
const recentEndings = new Set<string>();

function learn(kind: string, item: Wire, recent: boolean): void {
  const known = statistics.get(kind) ?? { all: new ShapeStatistics(), recent: new ShapeStatistics() };
  statistics.set(kind, known);
  known.all.add(shapeOf(item));
  if (recent) known.recent.add(shapeOf(item));
}

function learnCorpus(): void {
  for (const { request, response, tags } of recordings()) {
    const text = response.body ?? "";
    if (request.path === "/api/v1/embeddings" || request.path === "/api/v1/rerank") {
      learn(endpointKind(request.path, JSON.parse(text)), JSON.parse(text), true);
    } else if (request.path !== "/api/v1/chat/completions") continue;
    else if (response.headers["content-type"]?.includes("event-stream")) learnStream(text, response.fidelity);
    else if (response.status >= 400) learn(errorKind(response.status, JSON.parse(text)), JSON.parse(text), true);
    else if (!tags.includes("error")) learnBody(JSON.parse(text));
    else if (tags.includes("error-choice_error")) learn("body with choice error", JSON.parse(text), false);
  }
}

function learnBody(body: Wire): void {
  for (const kind of [kindOf(body), "body"]) learn(kind, body, body.created >= recentSince);
}

function learnStream(text: string, fidelity: string): void {
  const { events } = takenApart({ text: text.replaceAll("\r\n", "\n") } as Answered);
  const recent = events[0]?.created >= recentSince;
  for (const event of events) learn(kindOf(event), event, recent);
  if (fidelity !== "verbatim") return;
  const order = orderOf(text);
  for (const step of steps(order)) recordedOrders.add(step);
  if (recent && order.includes("chunk with usage and finish")) recentEndings.add(ending(order));
}

function errorKind(status: number, body: Wire): string {
  const { metadata } = body.error;
  return `error ${status}${metadata?.headers ? " with headers" : metadata?.raw ? " with raw" : ""}`;
}

function endpointKind(path: string, body: Wire): string {
  return `${path}${body.usage?.search_units ? " by search unit" : ""}`;
}

/** The kinds of a stream's blocks, runs of the same kind counted once. */
function orderOf(text: string): string[] {
  const kinds = text
    .replaceAll("\r\n", "\n")
    .split("\n\n")
    .filter((block) => block.trim() !== "")
    .map((block) =>
      block.startsWith(":") ? "comment" : block === "data: [DONE]" ? "[DONE]" : kindOf(JSON.parse(block.slice(6))),
    );
  return kinds.filter((kind, at) => kind !== kinds[at - 1]);
}

const steps = (order: readonly string[]): string[] => order.slice(1).map((kind, at) => `${order[at]} → ${kind}`);
const ending = (order: readonly string[]): string =>
  order
    .filter((kind) => kind !== "comment")
    .slice(-3)
    .join(" → ")
    .replace(/^chunk with [a-z .]+ → /, "… → ");

/** What bodies hold outside their choices. */
const bodyHead = () => [...(statistics.get("body")?.all.any ?? [])].filter((path) => !path.startsWith(".choices"));

const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Current weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const asksForWeather = question("What is the weather in Berlin?", { tools: [weather] });

describe.skipIf(!hasCorpus)("the simulator sends what OpenRouter was recorded to send", () => {
  let simulator: Simulator;
  beforeAll(async () => {
    learnCorpus();
    simulator = await startSimulator({ seed: "shapes" });
  });
  afterAll(() => simulator.close());

  function expectRecorded(kind: string, item: Wire): void {
    const known = statistics.get(kind);
    expect(known, `no recording has a ${kind}`).toBeDefined();
    const shape = shapeOf(item);
    // Some kinds were recorded in 2025 only; what stands outside their choices has grown since, in every kind alike.
    const family = statistics.get(kind.startsWith("body with ") ? "body" : kind);
    const invented = [...shape].filter((path) => !(path.startsWith(".choices") ? known : family)?.all.any.has(path));
    const missing = [...(known?.recent.always ?? [])].filter((path) => !shape.has(path));
    expect({ kind, invented, missing }).toEqual({ kind, invented: [], missing: [] });
  }

  const streams: Record<string, object> = {
    text: question("Explain tides"),
    "a tool call": asksForWeather,
    "open reasoning": question("Explain tides", { model: "deepseek/deepseek-r1" }),
    "signed reasoning": question("Explain tides", {
      model: "anthropic/claude-sonnet-4.5",
      reasoning: { effort: "low" },
    }),
    "reasoning and a call": {
      ...asksForWeather,
      model: "anthropic/claude-sonnet-4.5",
      reasoning: { max_tokens: 2000 },
    },
    "a cut answer": question("Explain tides", { max_tokens: 5 }),
    "cut reasoning": question("Explain tides", { model: "deepseek/deepseek-r1", max_tokens: 5 }),
    citations: question("Search for tide tables", { plugins: [{ id: "web" }] }),
  };

  it.each(Object.entries(streams))("streams %s in recorded chunks and order", async (_, body) => {
    const streamed: Streamed = await stream(simulator, body);
    for (const event of streamed.events) expectRecorded(kindOf(event), event);
    const order = orderOf(streamed.text);
    expect(steps(order).filter((step) => !recordedOrders.has(step))).toEqual([]);
    expect(recentEndings).toContain(ending(order));
    expect(order[0]).toBe("comment");
  });

  it.each([
    ["text", question("Explain tides"), "body with text"],
    [
      "Google's reasoning",
      question("Explain tides", { model: "google/gemini-2.5-pro" }),
      "body with signature and text",
    ],
    ["a tool call", asksForWeather, "body with call"],
    [
      "reasoning",
      question("Explain tides", { model: "deepseek/deepseek-r1" }),
      "body with reasoning.text (unknown) and text",
    ],
    [
      "signed reasoning",
      {
        ...asksForWeather,
        model: "anthropic/claude-sonnet-4.5",
        reasoning: {},
        provider: { order: ["amazon-bedrock"] },
      },
      "body with call and reasoning.text (anthropic-claude-v1)",
    ],
    [
      "citations",
      question("Search for tide tables", { model: "openai/gpt-4o-mini:online" }),
      "body with annotations and text",
    ],
  ])("answers with %s in a recorded body", async (_, body, kind) => {
    const { json } = await post(simulator, body);
    expect(kindOf(json)).toBe(kind);
    expectRecorded(kind, json);
    expectRecorded("body", json);
  });

  it.each([
    ["a rate limit of its own", "429" as const, { platform: true }, "error 429 with headers"],
    ["a provider's rate limit", "429" as const, {}, "error 429 with raw"],
    ["a bad request", "400" as const, {}, "error 400 with raw"],
    ["a refusal", "403" as const, {}, "error 403 with raw"],
    ["a missing endpoint", "404" as const, {}, "error 404"],
    ["a missing key", "401" as const, {}, "error 401"],
  ])("refuses with %s in a recorded envelope", async (_, fault, options, kind) => {
    simulator.fault(fault, options);
    const { status, json } = await post(simulator, question("Explain tides"));
    expect(errorKind(status, json)).toBe(kind);
    expectRecorded(kind, json);
  });

  it("puts the headers of a 429 where they were recorded", async () => {
    const recorded = recordings().filter(({ response }) => response.status === 429);
    const withHeaders = (own: boolean) =>
      recorded.filter(({ response }) => response.body?.includes("X-RateLimit-Reset") === own);
    const rateLimitHeaders = (names: Iterable<string>) =>
      [...names].filter((name) => /ratelimit|retry-after/.test(name)).sort();
    for (const own of [true, false]) {
      simulator.fault("429", { platform: own });
      const { headers } = await post(simulator, question("Explain tides"));
      for (const { response } of withHeaders(own)) {
        expect(rateLimitHeaders(headers.keys())).toEqual(rateLimitHeaders(Object.keys(response.headers)));
      }
    }
    expect(withHeaders(true).length).toBeGreaterThan(0);
  });

  it.each(["error-200", "error-first-event"] as const)("fails inside a 200 with a recorded %s", async (fault) => {
    const bodies = recordings().filter(
      ({ response }) =>
        response.status === 200 &&
        /^(?:: OPENROUTER PROCESSING\s+)*(?:data: )?\{"error"/.test(response.body?.trim() ?? ""),
    );
    const shapes = new ShapeStatistics();
    for (const { response } of bodies)
      shapes.add(shapeOf(JSON.parse((response.body ?? "").replace(/^[^{]*/, "").trim())));
    simulator.fault(fault);
    const { text } = await post(simulator, question("Explain tides", { stream: fault === "error-first-event" }));
    const shape = shapeOf(JSON.parse(text.replace(/^[^{]*/, "").trim()));
    expect([...shape].filter((path) => !shapes.any.has(path))).toEqual([]);
    expect([...shapes.always].filter((path) => !shape.has(path))).toEqual([]);
  });

  // Both were recorded in 2025: what usage holds, and what bodies hold outside their choices, has grown since.
  const grown = (path: string) => path.startsWith(".usage");
  const failures: [string, string, object, (answer: Streamed) => Wire][] = [
    ["chunk with error", "a stream", { stream: true }, ({ events }) => events.at(-1)],
    ["body with choice error", "a body", { model: "deepseek/deepseek-r1" }, ({ json }) => json],
  ];
  it.each(failures)("fails with a recorded %s in %s", async (kind, _, more, pick) => {
    simulator.fault("midstream-error", { form: "recorded" });
    const shape = shapeOf(pick(takenApart(await post(simulator, question("Explain tides", more)))));
    const recorded = statistics.get(kind)?.all;
    const any = new Set([...(recorded?.any ?? []), ...(kind.startsWith("body") ? bodyHead() : [])]);
    expect(recorded?.count).toBeGreaterThan(0);
    expect([...shape].filter((path) => !any.has(path) && !grown(path))).toEqual([]);
    expect([...(recorded?.always ?? [])].filter((path) => !shape.has(path) && !grown(path))).toEqual([]);
    expect(shape).toContain(".usage.total_tokens:number");
  });

  it("finishes before it fails in a stream, as recorded", async () => {
    const recorded = recordings().find(({ tags }) => tags.includes("error-midstream") && tags.includes("length"));
    const last = (text: string) => orderOf(text).slice(-3);
    simulator.fault("midstream-error", { form: "recorded" });
    const { text } = await stream(simulator, question("Explain tides"));
    expect(last(text)).toEqual(last(recorded?.response.body ?? ""));
    expect(last(text)).toEqual(["chunk with finish", "chunk with error", "[DONE]"]);
  });

  it("embeds and reranks in recorded shapes", async () => {
    const embedded = await post(
      simulator,
      { model: "openai/text-embedding-3-small", input: ["tides", "moon"] },
      "/embeddings",
    );
    expectRecorded("/api/v1/embeddings", embedded.json);
    for (const model of ["cohere/rerank-v3.5", "voyageai/rerank-2.5-lite"]) {
      const ranked = await post(simulator, { model, query: "moon", documents: ["sun", "moon"] }, "/rerank");
      expectRecorded(endpointKind("/api/v1/rerank", ranked.json), ranked.json);
    }
  });

  it("would notice an invented and a missing path", () => {
    const usage = statistics.get("chunk with usage and finish");
    expect(usage?.recent.count).toBeGreaterThan(10);
    expect(usage?.recent.always).toContain(".usage.cost:number");
    expect(usage?.all.any.has(".usage.price:number")).toBe(false);
    expect(() =>
      expectRecorded("chunk with usage and finish", { choices: [{ finish_reason: "stop" }], usage: { price: 1 } }),
    ).toThrow();
  });
});
