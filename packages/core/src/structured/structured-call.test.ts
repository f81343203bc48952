import { describe, expect, test } from "vitest";
import { deckClient as client, Deck, deck, means, refused, usage } from "../../test/deck-client.js";
import { ManualClock } from "../../test/manual-clock.js";
import { rejection } from "../../test/rejection.js";
import { LLMClient } from "../client/llm-client.js";
import { createError } from "../errors/error-classes.js";
import type { StructuredRequest } from "../generate/structured-types.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { LLMProvider } from "../provider/llm-provider.js";
import { scriptedProvider } from "../testing/index.js";

describe("rungs", () => {
  test("S17 a refused rung gives way to the next, down to words alone, and is remembered for the model", async () => {
    const no = refused("This response_format type is unavailable now");
    const { ask, llm, requests } = client([
      no,
      no,
      refused("model does not support tools"),
      no,
      { object: deck, usage: usage(0.5) },
      { object: deck },
    ]);
    const heard: string[] = [];
    llm.on("warning", ({ code }) => heard.push(code));
    const result = await ask();
    expect(requests.map(means)).toEqual(["strict", "loose", "tool", "json_object", "words"]);
    expect(result).toMatchObject({ object: deck, strategy: "json_object", cost: { usd: 0.5 } });
    expect(result.attempts.map(({ number, code }) => [number, code])).toEqual([
      [1, "invalid_request"],
      [2, "invalid_request"],
      [3, "invalid_request"],
      [4, "invalid_request"],
      [5, undefined],
    ]);
    expect(result.steps).toHaveLength(1);
    expect(result.warnings.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => "strategy_fallback"));
    expect(heard).toEqual(result.warnings.map(({ code }) => code));
    expect((await ask()).strategy).toBe("json_object");
    expect(means(requests[5] as ChatBody)).toBe("words");
    await ask({ model: "another/model" });
    expect(means(requests[6] as ChatBody)).toBe("strict");
  });

  test("where no rung gets through, the failure is upstream's and nothing is remembered", async () => {
    const { ask, requests } = client([refused("tools and response_format are not supported")]);
    const error = await rejection(ask());
    expect(error).toMatchObject({ code: "invalid_request", detail: "tools and response_format are not supported" });
    expect(error.attempts).toHaveLength(5);
    await rejection(ask());
    expect(requests.map(means)).toEqual([
      "strict",
      "loose",
      "tool",
      "json_object",
      "words",
      "strict",
      "loose",
      "tool",
      "json_object",
      "words",
    ]);
  });

  test("what each request warns of again stands in the result once", async () => {
    const { ask, requests } = client(["no", "no", { object: deck }], {
      name: "openrouter",
      model: "anthropic/claude-3-haiku:beta",
    });
    const codes = (await ask({ reasks: 2 })).warnings.map(({ code }) => code);
    expect(requests).toHaveLength(3);
    const ofModel = codes.filter((code) => code !== "structured_reask");
    expect(ofModel.length).toBeGreaterThan(0);
    expect(new Set(ofModel).size).toBe(ofModel.length);
  });

  test("other failures change no rung", async () => {
    const { ask, requests } = client([
      createError("model_not_found", "model not found: a/b", { upstream: { status: 404 } }),
    ]);
    expect(await rejection(ask())).toMatchObject({ code: "model_not_found" });
    expect(requests).toHaveLength(1);
  });

  test("a strategy that is named is not left", async () => {
    const { ask, requests } = client([refused("json_schema is not supported")]);
    expect(await rejection(ask({ strategy: "json_schema" }))).toMatchObject({ code: "invalid_request" });
    expect(requests).toHaveLength(1);
  });

  test("the total clock covers all requests", async () => {
    const clock = new ManualClock();
    const { ask } = client(
      [
        () => {
          clock.advance(600);
          return refused("response_format is not supported");
        },
        () => {
          clock.advance(600);
          return { object: deck };
        },
      ],
      { clock },
    );
    expect(await rejection(ask({ timeouts: { totalMs: 1_000 } }))).toMatchObject({ code: "timeout", phase: "total" });
  });
});

describe("no valid object", () => {
  test("S17 wrong twice: the issues, and what was said and paid", async () => {
    const { ask, requests } = client([
      { text: '{"title":5}', usage: usage(0.1) },
      { text: '{"title":"secret words","pages":0}', usage: usage(0.2) },
    ]);
    const error = await rejection(ask());
    expect(error).toMatchObject({
      name: "StructuredOutputError",
      code: "structured_output",
      status: 502,
      retryable: false,
    });
    expect(error.detail).toMatch(/^the answer does not fit the schema: pages: /);
    expect(error.detail).not.toContain("secret");
    expect(error.partial).toMatchObject({ text: '{"title":"secret words","pages":0}', usage: { totalTokens: 30 } });
    expect(error.partial?.cost?.usd).toBeCloseTo(0.3, 12);
    expect(error.attempts).toHaveLength(2);
    expect(requests).toHaveLength(2);
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  test("reasks says how often", async () => {
    for (const reasks of [0, 3]) {
      const { ask, requests } = client(["nothing"]);
      await rejection(ask({ reasks }));
      expect(requests).toHaveLength(reasks + 1);
    }
  });

  test("an answer cut at the token limit is not asked for again", async () => {
    for (const strategy of ["json_schema", "tool"] as const) {
      const { ask, requests } = client([
        {
          text: '{"title":"So',
          toolCalls: strategy === "tool" ? [{ name: "answer", arguments: '{"title":"So' }] : undefined,
          finishReason: "length",
          usage: usage(0.1),
        },
      ]);
      const error = await rejection(ask({ strategy }));
      expect(error).toMatchObject({
        code: "structured_output",
        detail: expect.stringMatching(/cut at the token limit/),
        hint: expect.stringMatching(/maxTokens/),
      });
      expect(error.partial).toMatchObject({ text: '{"title":"So', finishReason: "length", cost: { usd: 0.1 } });
      expect(requests).toHaveLength(1);
    }
  });

  test("a whole object at the token limit is an answer", async () => {
    const { ask } = client([{ text: `${JSON.stringify(deck)}\n\nand so on`, finishReason: "length" }]);
    expect(await ask()).toMatchObject({ object: deck, finishReason: "length" });
  });

  test("a whole object that does not fit is asked for again, even at the token limit", async () => {
    const { ask, requests } = client([{ text: '{"title":"x"} and so on', finishReason: "length" }, { object: deck }]);
    expect((await ask()).object).toEqual(deck);
    expect(requests).toHaveLength(2);
  });

  test("a refusal is told and not asked again; its words are on the partial result", async () => {
    const message = { role: "assistant", content: null, refusal: "I will not." };
    let asked = 0;
    const provider: LLMProvider = {
      ...scriptedProvider(),
      chat: async () => {
        asked++;
        return { body: { id: "gen-1", choices: [{ index: 0, message, finish_reason: "stop" }] } };
      },
    };
    const llm = new LLMClient({ provider, env: false });
    const error = await rejection(llm.generateStructured({ prompt: "x", schema: Deck }));
    expect(error).toMatchObject({
      code: "structured_output",
      detail: "the model refused to answer",
      partial: { refusal: "I will not." },
    });
    expect(asked).toBe(1);
  });

  test("a content filter is told and not asked again", async () => {
    const { ask, requests } = client([{ text: "", finishReason: "content_filter" }]);
    expect(await rejection(ask())).toMatchObject({
      code: "structured_output",
      detail: expect.stringMatching(/content filter/),
    });
    expect(requests).toHaveLength(1);
  });

  test("a failure of a later request carries what the earlier ones cost", async () => {
    const { ask } = client([
      { text: "no", usage: usage(0.1) },
      createError("rate_limit", "rate limit exceeded", { upstream: { status: 429 } }),
    ]);
    const error = await rejection(ask());
    expect(error).toMatchObject({ code: "rate_limit", partial: { cost: { usd: 0.1 } } });
    expect(error.attempts).toHaveLength(2);
  });

  test("a wrong request is refused before anything is sent", async () => {
    const { llm, requests } = client(["x"]);
    const wrong = async (request: object) =>
      (await rejection(llm.generateStructured(request as StructuredRequest))).detail;
    expect(await wrong({ prompt: "x" })).toMatch(/`schema` is missing/);
    expect(await wrong({ prompt: "x", schema: {}, schemaname: "x" })).toMatch(/schemaName/);
    expect(await wrong({ prompt: "x", schema: {}, strategy: "json" })).toMatch(/json_object/);
    expect(await wrong({ prompt: "x", schema: {}, reasks: -1 })).toMatch(/reasks/);
    expect(await wrong({ prompt: "x", schema: {}, partials: "all" })).toMatch(/per-read/);
    expect(await wrong({ schema: {}, strategy: "json_object" })).toMatch(/prompt/);
    expect(requests).toEqual([]);
  });
});
