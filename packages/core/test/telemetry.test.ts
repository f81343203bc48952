import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tool } from "../src/index.js";
import type { ManualClock } from "./manual-clock.js";
import { settle } from "./raw-upstream.js";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { recordTelemetry } from "./telemetry-recorder.js";
import { type Answer, completion, events, json, post, textChunk, upstream } from "./upstream.js";

beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

const MODEL = "openai/gpt-4o";
const finish = {
  id: "gen-1",
  model: "openai/gpt-4o-2024",
  choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
  usage: completion.usage,
};

/** Waits for `work` while all waits pass that it makes: what a broken stream cost is asked for in the background. */
async function letPass(work: Promise<unknown>, clock: ManualClock): Promise<void> {
  let over = false;
  void work.then(() => {
    over = true;
  });
  while (!over) {
    clock.advance(1_000);
    await turnOfTheLoop();
  }
}

async function traced(answer: Answer, options: Parameters<typeof upstream>[1] & { recordContent?: boolean } = {}) {
  const { recordContent, ...more } = options;
  const recorder = recordTelemetry();
  const client = await upstream(answer, { telemetry: { ...recorder.telemetry, recordContent }, ...more });
  const { hostname, port } = new URL(client.baseURL);
  const whom = { "gen_ai.provider.name": "openrouter", "server.address": hostname, "server.port": Number(port) };
  return {
    ...client,
    ...recorder,
    named: { "gen_ai.operation.name": "chat", "gen_ai.request.model": MODEL, ...whom },
    whom,
  };
}

const whole: Answer = (_seen, response) =>
  json(response, 200, { ...completion, model: "openai/gpt-4o-2024", provider: "OpenAI" });

describe("the span of a request", () => {
  test("has the conventions' attributes of request and answer, and our own", async () => {
    const { llm, span, named } = await traced(whole);
    await llm.generate({
      model: MODEL,
      prompt: "x",
      temperature: 0.5,
      maxTokens: 20,
      topP: 0.9,
      topK: 3,
      seed: 7,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      stop: ["halt"],
      sessionId: "talk-1",
    });
    const { attributes, kind, status, events: told } = span(`chat ${MODEL}`);
    expect([kind, status, told]).toEqual([SpanKind.CLIENT, { code: SpanStatusCode.UNSET }, []]);
    expect(attributes).toEqual({
      ...named,
      "gen_ai.conversation.id": "talk-1",
      "gen_ai.request.temperature": 0.5,
      "gen_ai.request.max_tokens": 20,
      "gen_ai.request.top_p": 0.9,
      "gen_ai.request.top_k": 3,
      "gen_ai.request.seed": 7,
      "gen_ai.request.frequency_penalty": 0.1,
      "gen_ai.request.presence_penalty": 0.2,
      "gen_ai.response.id": "gen-1",
      "gen_ai.response.model": "openai/gpt-4o-2024",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 3,
      "gen_ai.usage.output_tokens": 2,
      "signalbox.request.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "signalbox.outcome": "answered",
      "signalbox.attempts": 1,
      "signalbox.served_by": "OpenAI",
      "signalbox.cost.usd": 0.25,
      "signalbox.cost.source": "provider",
    });
  });

  test("tells of cached and reasoning tokens, and of the kind of output that was asked for", async () => {
    const usage = {
      ...completion.usage,
      prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 1 },
    };
    const { llm, span } = await traced((_seen, response) => json(response, 200, { ...completion, usage }));
    await llm.generate({ model: MODEL, prompt: "x", extraBody: { response_format: { type: "json_object" } } });
    expect(span(`chat ${MODEL}`).attributes).toMatchObject({
      "gen_ai.usage.cache_read.input_tokens": 2,
      "gen_ai.usage.cache_creation.input_tokens": 1,
      "gen_ai.usage.reasoning.output_tokens": 1,
      "gen_ai.output.type": "json",
    });
  });

  test("of a stream ends with the stream, and knows when its first token came", async () => {
    const go = Promise.withResolvers<void>();
    const { llm, clock, span, spans, measured, named } = await traced(async (_seen, response) => {
      events(response, ": OPENROUTER PROCESSING\n\n");
      await go.promise;
      events(response, textChunk("a"));
    });
    const reader = llm.stream({ model: MODEL, prompt: "x" }).events[Symbol.asyncIterator]();
    await reader.next();
    clock.advance(700);
    go.resolve();
    expect((await reader.next()).value).toMatchObject({ type: "start" });
    expect(spans()).toEqual([]);
    await reader.return?.();
    await letPass(llm.settled(), clock);
    expect(span(`chat ${MODEL}`).attributes).toMatchObject({
      "gen_ai.request.stream": true,
      "gen_ai.response.time_to_first_chunk": 0.7,
      "signalbox.outcome": "aborted",
    });
    const { "gen_ai.client.operation.time_to_first_chunk": first } = await measured();
    expect(first).toEqual([{ attributes: named, value: { count: 1, sum: 0.7 } }]);
  });

  test("that failed is an error under its code, without upstream's words", async () => {
    const { llm, span, measured, named } = await traced((_seen, response) =>
      json(response, 400, { error: { code: 400, message: "SECRET prompt is not allowed" } }),
    );
    await rejection(llm.generate({ model: MODEL, prompt: "x" }));
    const { attributes, status, events: told } = span(`chat ${MODEL}`);
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: "invalid_request" });
    expect(attributes).toMatchObject({ "error.type": "invalid_request", "signalbox.outcome": "failed" });
    expect(JSON.stringify([attributes, told])).not.toContain("SECRET");
    const { "gen_ai.client.operation.duration": duration } = await measured();
    expect(duration).toEqual([
      {
        attributes: { ...named, "error.type": "invalid_request", "signalbox.outcome": "failed" },
        value: { count: 1, sum: 0 },
      },
    ]);
  });

  test("covers all attempts, with an event for each that is repeated", async () => {
    const { llm, clock, span, measured, named } = await traced((seen, response, count) =>
      count < 3 ? json(response, 503, { error: { message: "busy" } }) : whole(seen, response, count),
    );
    clock.fixedRandom = 0;
    const work = llm.generate({ model: MODEL, prompt: "x" });
    await settle(work, clock);
    const { attributes, events: told, status } = span(`chat ${MODEL}`);
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes).toMatchObject({ "signalbox.attempts": 3, "signalbox.outcome": "answered" });
    expect(told.map(({ name, attributes: of }) => [name, of])).toEqual(
      [1, 2].map((attempt) => [
        "signalbox.retry",
        {
          "signalbox.attempt": attempt,
          "signalbox.retry.delay": 0,
          "error.type": "provider_overloaded",
          "http.response.status_code": 503,
        },
      ]),
    );
    const { "signalbox.client.retries": retries } = await measured();
    expect(retries).toEqual([{ attributes: { ...named, "error.type": "provider_overloaded" }, value: 2 }]);
  });

  test("that the caller gave up is no error", async () => {
    const { llm, clock, span } = await traced((_seen, response) => events(response, textChunk("a")));
    for await (const _ of llm.stream({ model: MODEL, prompt: "x" })) break;
    await letPass(llm.settled(), clock);
    const { attributes, status } = span(`chat ${MODEL}`);
    expect([attributes["signalbox.outcome"], attributes["error.type"], status.code]).toEqual([
      "aborted",
      undefined,
      SpanStatusCode.UNSET,
    ]);
  });

  test("that a budget refused was never sent, and says so", async () => {
    const { llm, span, requests } = await traced(whole, { budget: { usd: 0.000001, per: "day" } });
    await rejection(llm.generate({ model: MODEL, prompt: "x" }));
    expect(requests).toEqual([]);
    expect(span(`chat ${MODEL}`).attributes).toMatchObject({
      "error.type": "budget_exceeded",
      "signalbox.outcome": "refused",
      "signalbox.attempts": 0,
    });
  });

  test("tells how long the request stood under limits", async () => {
    const { llm, clock, spans, measured } = await traced(whole, { limits: { requestsPerMinute: 1 } });
    await llm.generate({ model: MODEL, prompt: "x" });
    clock.advance(51_000);
    const second = llm.generate({ model: MODEL, prompt: "x" });
    await clock.waiting(9_000);
    clock.advance(9_000);
    await second;
    expect(spans().map(({ attributes }) => attributes["signalbox.limiter.wait"])).toEqual([0, 9]);
    const { "signalbox.client.limiter.wait": wait } = await measured();
    expect(wait?.map(({ value }) => value)).toEqual([{ count: 2, sum: 9 }]);
  });

  test("is named for vectors, orders of documents and what other SDKs send, too", async () => {
    const { llm, baseURL, spans } = await traced((seen, response) =>
      json(response, 200, seen.path.endsWith("/embeddings") ? { data: [{ index: 0, embedding: [1] }] } : completion),
    );
    await llm.embed({ model: "a/b", input: "x", dimensions: 8 });
    await (await llm.fetch(`${baseURL}/chat/completions`, post({ model: "c/d", messages: [] }))).text();
    await llm.settled();
    expect(spans().map(({ name }) => name)).toEqual(["embeddings a/b", "chat c/d"]);
    expect(spans()[0]?.attributes["gen_ai.embeddings.dimension.count"]).toBe(8);
  });
});

describe("what is measured", () => {
  test("durations, tokens and cost of an answer", async () => {
    const { llm, clock, measured, named } = await traced((seen, response, count) => {
      clock.advance(1_500);
      return whole(seen, response, count);
    });
    await llm.generate({ model: MODEL, prompt: "x" });
    expect(await measured()).toEqual({
      "gen_ai.client.operation.duration": [
        {
          attributes: { ...named, "gen_ai.response.model": "openai/gpt-4o-2024", "signalbox.outcome": "answered" },
          value: { count: 1, sum: 1.5 },
        },
      ],
      "gen_ai.client.token.usage": [
        { attributes: { ...named, "gen_ai.token.type": "input" }, value: { count: 1, sum: 3 } },
        { attributes: { ...named, "gen_ai.token.type": "output" }, value: { count: 1, sum: 2 } },
      ],
      "signalbox.client.cost": [{ attributes: { ...named, "signalbox.cost.source": "provider" }, value: 0.25 }],
    });
  });

  test("in the buckets that the conventions advise", async () => {
    const { llm, metrics } = await traced(whole);
    await llm.generate({ model: MODEL, prompt: "x" });
    const bounds = Object.fromEntries(
      (await metrics()).flatMap(({ descriptor, dataPoints }) => {
        const value = dataPoints[0]?.value;
        return typeof value === "object" && "buckets" in value ? [[descriptor.name, value.buckets.boundaries]] : [];
      }),
    );
    const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    expect(bounds).toEqual({
      "gen_ai.client.operation.duration": seconds,
      "gen_ai.client.token.usage": [
        1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
      ],
    });
  });

  test("the time of each chunk behind the first; those of one read share it", async () => {
    const pace = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const { llm, clock, measured, named } = await traced(async (_seen, response) => {
      events(response, textChunk("a"));
      await pace[0]?.promise;
      response.write([textChunk("b"), textChunk("c")].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));
      await pace[1]?.promise;
      events(response, finish, "data: [DONE]\n\n");
      response.end();
    });
    let text = "";
    for await (const piece of llm.stream({ model: MODEL, prompt: "x" })) {
      text += piece;
      if (text === "a") {
        clock.advance(400);
        pace[0]?.resolve();
      }
      if (text === "abc") {
        clock.advance(100);
        pace[1]?.resolve();
      }
    }
    const { "gen_ai.client.operation.time_per_output_chunk": chunks } = await measured();
    expect(chunks).toEqual([{ attributes: named, value: { count: 3, sum: expect.closeTo(0.5, 9) } }]);
  });

  test("the cost that is looked up when the answer is over", async () => {
    const { llm, clock, span, measured } = await traced((seen, response) =>
      seen.path.includes("/generation")
        ? json(response, 200, { data: { id: "gen-1", total_cost: 0.5, tokens_prompt: 3, tokens_completion: 2 } })
        : json(response, 200, { ...completion, usage: undefined }),
    );
    await llm.generate({ model: MODEL, prompt: "x" });
    await letPass(llm.settled(), clock);
    expect(span(`chat ${MODEL}`).attributes["signalbox.cost.usd"]).toBeUndefined();
    const { "signalbox.client.cost": cost } = await measured();
    expect(cost).toEqual([
      { attributes: expect.objectContaining({ "signalbox.cost.source": "generation" }), value: 0.5 },
    ]);
  });

  test("the circuits that are open", async () => {
    const { llm, clock, measured } = await traced(
      (seen, response, count) => (count === 1 ? json(response, 503, { error: {} }) : whole(seen, response, count)),
      { breaker: { failures: 1, halfOpenAfterMs: 1_000 }, retry: false },
    );
    const open = async () => (await measured())["signalbox.client.open_circuits"];
    await rejection(llm.generate({ model: MODEL, prompt: "x" }));
    await turnOfTheLoop();
    const attributes = { "gen_ai.provider.name": "openrouter", "gen_ai.request.model": MODEL };
    expect(await open()).toEqual([{ attributes, value: 1 }]);
    clock.advance(1_000);
    await llm.generate({ model: MODEL, prompt: "x" });
    await turnOfTheLoop();
    expect(await open()).toEqual([{ attributes, value: 0 }]);
  });
});

describe("spans hang together", () => {
  const look = (execute: () => unknown) => tool({ name: "look", parameters: { type: "object" }, execute });
  const asksTool: Answer = (_seen, response) => {
    const tool_calls = [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":"SECRET"}' } }];
    return json(response, 200, { choices: [{ index: 0, message: { tool_calls }, finish_reason: "tool_calls" }] });
  };
  const parentOf = (span: ReturnType<ReturnType<typeof recordTelemetry>["span"]>) => span.parentSpanContext?.spanId;
  const idOf = (span: ReturnType<ReturnType<typeof recordTelemetry>["span"]>) => span.spanContext().spanId;

  test("a request hangs under the span that was active when it was made, whoever reads it", async () => {
    const { llm, tracerProvider, span } = await traced((_seen, response) => {
      events(response, textChunk("a"), finish, "data: [DONE]\n\n");
      response.end();
    });
    const tracer = tracerProvider.getTracer("test");
    const stream = tracer.startActiveSpan("mine", (mine) => {
      const asked = llm.stream({ model: MODEL, prompt: "x" });
      mine.end();
      return asked;
    });
    await tracer.startActiveSpan("reader", async (reader) => {
      await stream.result;
      reader.end();
    });
    expect(parentOf(span(`chat ${MODEL}`))).toBe(idOf(span("mine")));
  });

  test("the requests and tools of a call hang under one span; what a tool does hangs under the tool's", async () => {
    const { llm, tracerProvider, span, spans, whom, measured, clock } = await traced((seen, response, count) =>
      count === 1 ? asksTool(seen, response, count) : whole(seen, response, count),
    );
    const tracer = tracerProvider.getTracer("test");
    const nested = look(async () => {
      clock.advance(250);
      tracer.startSpan("inside").end();
      return "seen";
    });
    await tracer.startActiveSpan("mine", async (mine) => {
      await llm.generate({ model: MODEL, prompt: "x", tools: [nested] });
      mine.end();
    });
    const [agent, ran] = [span("invoke_agent"), span("execute_tool look")];
    expect(parentOf(agent)).toBe(idOf(span("mine")));
    expect(agent.attributes).toEqual({
      ...whom,
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.request.model": MODEL,
    });
    const chats = spans().filter(({ name }) => name === `chat ${MODEL}`);
    expect([...chats, ran].map(parentOf)).toEqual(Array(3).fill(idOf(agent)));
    expect(parentOf(span("inside"))).toBe(idOf(ran));
    expect([ran.kind, agent.kind]).toEqual([SpanKind.INTERNAL, SpanKind.INTERNAL]);
    expect(ran.attributes).toEqual({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "look",
      "gen_ai.tool.call.id": "c1",
      "gen_ai.tool.type": "function",
    });
    const { "gen_ai.execute_tool.duration": tools } = await measured();
    expect(tools).toEqual([
      {
        attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "look" },
        value: { count: 1, sum: 0.25 },
      },
    ]);
  });

  test("a tool that fails fails its span under the error's name, and the call's where it ends the call", async () => {
    const { llm, span, told } = await traced(asksTool);
    const failing = look(() => {
      throw new RangeError("SECRET");
    });
    await rejection(llm.generate({ model: MODEL, prompt: "x", tools: [failing], onToolError: "throw" }));
    expect(span("execute_tool look").status).toEqual({ code: SpanStatusCode.ERROR, message: "RangeError" });
    expect(span("invoke_agent").status).toEqual({ code: SpanStatusCode.ERROR, message: "tool" });
    expect(JSON.stringify(await told())).not.toContain("SECRET");
  });

  test("what the transport does belongs to the request", async () => {
    let active: string | undefined;
    const { llm, span } = await traced(whole, {
      fetch: (...asked: Parameters<typeof fetch>) => {
        active = trace.getActiveSpan()?.spanContext().spanId;
        return fetch(...asked);
      },
    });
    await llm.generate({ model: MODEL, prompt: "x" });
    expect(active).toBe(idOf(span(`chat ${MODEL}`)));
  });
});
