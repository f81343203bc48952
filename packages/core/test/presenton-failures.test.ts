import { describe, expect, test } from "vitest";
import { z } from "zod";
import { tool } from "../src/index.js";
import { batchesOf } from "./batches-of.js";
import { rejection } from "./rejection.js";
import { type Answer, completion, events, json, textChunk, upstream } from "./upstream.js";

const Deck = z.object({ title: z.string(), slides: z.array(z.object({ content: z.string() })).min(1) });
const deck = { title: "Solar", slides: [{ content: "# Sun" }] };
const asked = { prompt: "A deck", schema: Deck } as const;

const answer = (content: string | null, more: object = {}) => ({
  ...completion,
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop", ...more }],
});
const good = answer(JSON.stringify(deck));
const deckCall = (body: Record<string, unknown>) => {
  const { function: asks } = (body.tools as [{ function: { name: string } }])[0];
  return { id: "c1", type: "function", function: { name: asks.name, arguments: JSON.stringify(deck) } };
};
const viaTool = (body: Record<string, unknown>) =>
  answer(null, {
    message: { role: "assistant", content: null, tool_calls: [deckCall(body)] },
    finish_reason: "tool_calls",
  });
const failed = (code: number, message: string) => ({ error: { code, message } });
const custom = { provider: "custom", model: "deepseek-chat", retry: false } as const;
const router = { model: "acme/unlisted", retry: false } as const;
/** Answers one after the other; the last one repeats. */
const inTurn =
  (...bodies: readonly object[]): Answer =>
  (_seen, response, count) =>
    json(response, 200, bodies[Math.min(count, bodies.length) - 1]);

describe("S17 means that a model does not take", () => {
  test("S17 DeepSeek refuses response_format; it is asked by a tool, and at once the next time", async () => {
    const { llm, requests } = await upstream(({ body }, response) => {
      if (body.response_format !== undefined)
        return json(response, 400, failed(400, "This response_format type is unavailable now"));
      return json(response, 200, viaTool(body));
    }, custom);
    const first = await llm.generateStructured(asked);
    expect(first).toMatchObject({ object: deck, strategy: "tool", toolCalls: [], finishReason: "stop" });
    expect(first.attempts.map(({ code }) => code)).toEqual(["invalid_request", "invalid_request", undefined]);
    expect(first.warnings.map(({ code }) => code)).toEqual(["strategy_fallback", "strategy_fallback"]);
    const before = requests.length;
    expect(await llm.generateStructured(asked)).toMatchObject({ object: deck, strategy: "tool" });
    expect(requests.length - before).toBe(1);
  });

  test("S17 OpenRouter's 404 for a model without json_schema: the next means, streamed too", async () => {
    const noEndpoint = failed(404, "No endpoints found that can handle the requested parameters.");
    const refuse: Answer = ({ body }, response) => {
      if (body.response_format !== undefined) return json(response, 404, noEndpoint);
      if (body.stream !== true) return json(response, 200, viaTool(body));
      events(response, { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...deckCall(body) }] } }] });
      events(response, { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] });
      return response.end("data: [DONE]\n\n");
    };
    const whole = await upstream(refuse, router);
    expect(await whole.llm.generateStructured(asked)).toMatchObject({ object: deck, strategy: "tool" });
    expect(whole.requests[0]?.body.provider).toEqual({ require_parameters: true });
    const streamed = await upstream(refuse, router);
    const stream = streamed.llm.streamStructured(asked);
    expect((await batchesOf(stream)).at(-1)).toEqual(deck);
    expect(await stream.result).toMatchObject({ object: deck, strategy: "tool" });
    expect(streamed.requests.map(({ body }) => body.plugins)).toEqual([undefined, undefined, undefined]);
  });

  test("S17 a llama-server that takes neither formats nor tools is asked in words", async () => {
    const { llm, requests } = await upstream(({ body }, response) => {
      if (body.response_format !== undefined)
        return json(response, 400, failed(400, "response_format is not supported"));
      if (body.tools !== undefined)
        return json(response, 500, failed(500, "tools param requires --jinja flag: unsupported"));
      return json(response, 200, good);
    }, custom);
    expect(await llm.generateStructured(asked)).toMatchObject({ object: deck, strategy: "json_object" });
    expect(requests.at(-1)?.body.messages).toMatchObject([{ content: expect.stringContaining("JSON Schema") }]);
  });
});

describe("S17 answers that are no object", () => {
  test.each([
    ["only thoughts", "<think>Five slides, say.</think>"],
    ["nothing", ""],
    ["null", null],
    ["an empty fence", "```json\n```"],
    ["Markdown", "# Solar\n\n- sun"],
    ["a field too few", JSON.stringify({ title: "Solar" })],
  ])("S17 %s is asked for again with what is wrong", async (_name, content) => {
    const { llm, requests } = await upstream(inTurn(answer(content), good), router);
    const result = await llm.generateStructured(asked);
    expect([result.object, result.cost?.usd, result.steps.length, requests.length]).toEqual([deck, 0.5, 2, 2]);
    expect(result.warnings.map(({ code }) => code)).toContain("structured_reask");
    expect(requests[1]?.body.messages).toMatchObject([{}, { role: "assistant" }, { role: "user" }]);
  });

  test.each([
    ["a fence", `\`\`\`json\n${JSON.stringify(deck)}\n\`\`\``],
    ["thoughts, the opening tag in the prompt", `I need {"title"…}</think>\n${JSON.stringify(deck)}`],
    ["prose around it", `Sure!\n${JSON.stringify(deck)}\nAnything else?`],
  ])("S17 %s is taken off, with no second request", async (_name, content) => {
    const { llm, requests } = await upstream(inTurn(answer(content)), router);
    expect([(await llm.generateStructured(asked)).object, requests.length]).toEqual([deck, 1]);
  });

  test("S17 again and again nothing: the error says so, with the finish word, the words and the cost", async () => {
    const { llm } = await upstream(inTurn(answer("<think>hm</think>", { native_finish_reason: "STOP" })), router);
    const error = await rejection(llm.generateStructured(asked));
    expect(error).toMatchObject({
      code: "structured_output",
      detail: expect.stringContaining('no JSON object in it (finish reason "stop")'),
      partial: { text: "<think>hm</think>", finishReason: "stop", cost: { usd: 0.5 } },
    });
    expect(error.attempts).toHaveLength(2);
  });

  test("S17 a body without an answer is empty_response, not a parser's complaint", async () => {
    const { llm } = await upstream(
      inTurn({ ...completion, choices: [{ index: 0, message: { content: "" } }] }),
      router,
    );
    expect(await rejection(llm.generateStructured(asked))).toMatchObject({ code: "empty_response" });
  });

  test("S17 a page of HTML from a wrong base URL is told as such", async () => {
    const { llm } = await upstream(
      (_seen, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Welcome"),
      router,
    );
    expect(await rejection(llm.generateStructured(asked))).toMatchObject({ code: "invalid_response" });
  });

  test("S17 no null goes out, whatever was left unset", async () => {
    const { llm, requests } = await upstream(inTurn(answer("no"), good), custom);
    const unset = { temperature: undefined, maxTokens: undefined, topP: undefined, stop: undefined, seed: undefined };
    await llm.generateStructured({ ...asked, ...unset });
    expect(requests).toHaveLength(2);
    for (const { text } of requests) expect(text).not.toContain("null");
  });
});

describe("S17 streams that go wrong", () => {
  const half = textChunk('{"title":"Solar","slides":[');

  test("S17 an error in the middle ends the reader and the result, with what had come", async () => {
    const { llm } = await upstream((_seen, response) => {
      events(response, half, failed(502, "CUDA out of memory"));
      response.end();
    }, router);
    const stream = llm.streamStructured(asked);
    const partials: unknown[] = [];
    const error = await rejection(
      (async () => {
        for await (const partial of stream) partials.push(partial);
      })(),
    );
    expect([partials, error.code, error.retryable]).toEqual([
      [{ title: "Solar", slides: [] }],
      "provider_error",
      false,
    ]);
    expect(error.partial).toMatchObject({ text: '{"title":"Solar","slides":[' });
    expect(await rejection(stream.result)).toMatchObject({ code: "provider_error" });
  });

  test("S17 a stream that stops at 95 % for ever is ended by the idle clock", async () => {
    const { llm, clock } = await upstream((_seen, response) => events(response, half), router);
    const reader = llm.streamStructured(asked)[Symbol.asyncIterator]();
    expect((await reader.next()).value).toEqual({ title: "Solar", slides: [] });
    const next = rejection(reader.next());
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(60_000);
    expect(await next).toMatchObject({ code: "timeout", phase: "idle" });
  });

  test("S17 a stream that breaks off without a finish word is no object, even where it could be completed", async () => {
    const { llm } = await upstream((_seen, response) => {
      events(response, half);
      response.end();
    }, router);
    expect(await rejection(llm.streamStructured(asked).result)).toMatchObject({ code: "stream_truncated" });
  });

  test("S17 a last chunk without usage: the object is there, the usage is not made up", async () => {
    const { llm } = await upstream((_seen, response) => {
      events(response, { choices: [{ index: 0, delta: { content: JSON.stringify(deck) } }] });
      events(response, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
      response.end("data: [DONE]\n\n");
    }, custom);
    const result = await llm.streamStructured(asked).result;
    expect([result.object, result.usage]).toEqual([deck, undefined]);
  });
});

test("S17 a tool call without arguments is `{}`: it runs where nothing is needed and is told where something is", async () => {
  const ran: string[] = [];
  const now = tool({ name: "now", parameters: z.object({}), execute: () => void ran.push("now") });
  const find = tool({ name: "find", parameters: z.object({ q: z.string() }), execute: () => void ran.push("find") });
  const bare = (id: string, name: string) => ({ id, type: "function", function: { name } });
  const message = { role: "assistant", content: null, tool_calls: [bare("c1", "now"), bare("c2", "find")] };
  const { llm, requests } = await upstream(
    inTurn(answer(null, { message, finish_reason: "tool_calls" }), answer("ok")),
    custom,
  );
  expect((await llm.generate({ prompt: "go", tools: [now, find] })).text).toBe("ok");
  expect(ran).toEqual(["now"]);
  expect(requests[1]?.body.messages).toMatchObject([{}, {}, {}, { content: expect.stringContaining("q: ") }]);
});

test("S17 a list of models that fails keeps nobody from calling a model by its name", async () => {
  const { llm } = await upstream(
    ({ path }, response) =>
      path.endsWith("/models") ? json(response, 404, failed(404, "Not Found")) : json(response, 200, good),
    custom,
  );
  await rejection(llm.models.refresh());
  expect(await llm.generateStructured({ ...asked, model: "my/own-model" })).toMatchObject({ object: deck });
});
