import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { settle } from "./raw-upstream.js";
import { rejection } from "./rejection.js";
import { letPass, MODEL, traced, whole, withActiveSpans } from "./traced-upstream.js";
import { completion, events, json, post, textChunk } from "./upstream.js";

withActiveSpans();

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

  test("tells how long a request stood under limits that turned it away, and nothing of what a budget took", async () => {
    const asked = Promise.withResolvers<void>();
    const answering = Promise.withResolvers<void>();
    const answer: typeof whole = async (...seen) => {
      asked.resolve();
      await answering.promise;
      return whole(...seen);
    };
    const { llm, clock, spans } = await traced(answer, {
      limits: { maxConcurrency: 1, maxWaitMs: 5_000 },
      budget: { usd: 1, per: "day" },
      budgetStore: {
        async reserve() {
          clock.advance(3_000);
          return { ok: true };
        },
        settle: async () => {},
        release: async () => {},
      },
    });
    const first = llm.generate({ model: MODEL, prompt: "x" });
    await asked.promise;
    const second = rejection(llm.generate({ model: MODEL, prompt: "x" }));
    await clock.waiting(5_000);
    clock.advance(5_000);
    expect((await second).code).toBe("rate_limit");
    answering.resolve();
    await first;
    expect(spans().map(({ attributes }) => attributes["signalbox.limiter.wait"])).toEqual([5, 0]);
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
