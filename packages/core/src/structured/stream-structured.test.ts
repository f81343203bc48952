import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { batchesOf } from "../../test/batches-of.js";
import {
  growingDeck as client,
  Deck,
  deck,
  finishChunk,
  partialsOf,
  readsClient,
  textChunk,
} from "../../test/growing-deck.js";
import { LLMClient } from "../client/llm-client.js";
import type { GenerateRequest } from "../generate/generate-request.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { ScriptedReplySource } from "../testing/index.js";
import { tool } from "../tools/tool.js";

const textOf = (events: readonly StreamEvent[]) =>
  events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
describe("S49 partial objects", () => {
  test("S49 the object grows from read to read until it is whole, and `result` has it checked", async () => {
    const { ask } = client([
      { object: deck, usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, cost: 0.5 } },
    ]);
    const stream = ask();
    const partials = await partialsOf(stream);
    expect(partials[0]).toEqual({ title: "Solar", pages: [{ body: "one" }] });
    expect(partials.at(-1)).toEqual(deck);
    expect(await stream.result).toMatchObject({
      object: deck,
      strategy: "json_schema_strict",
      finishReason: "stop",
      text: JSON.stringify(deck),
      usage: { totalTokens: 7 },
      cost: { usd: 0.5 },
    });
  });

  test("one for each network read, or one for each delta where asked; each a new root", async () => {
    const json = JSON.stringify(deck);
    const reads = [
      [json.slice(0, 5), json.slice(5, 12), json.slice(12, 20)],
      [json.slice(20, 22), json.slice(22, 40)],
      [json.slice(40)],
    ];
    const perRead = await partialsOf(readsClient(reads).llm.streamStructured({ prompt: "x", schema: Deck }));
    expect(perRead).toEqual([{ title: "Solar" }, { title: "Solar", pages: [{ body: "one t" }] }, deck]);
    const perDelta = await partialsOf(
      readsClient(reads).llm.streamStructured({ prompt: "x", schema: Deck, partials: "per-delta" }),
    );
    expect(perDelta).toEqual([
      {},
      { title: "So" },
      { title: "Solar" },
      { title: "Solar" },
      { title: "Solar", pages: [{ body: "one t" }] },
      deck,
    ]);
    expect(new Set(perDelta).size).toBe(6);
  });

  test("over a real connection, whatever the reads are", async () => {
    const json = JSON.stringify(deck);
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const character of json) response.write(`data: ${JSON.stringify(textChunk(character))}\n\n`);
      response.end(`: OPENROUTER PROCESSING\n\ndata: ${JSON.stringify(finishChunk)}\n\ndata: [DONE]\n\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const llm = new LLMClient({
      apiKey: "sk-test",
      baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      env: false,
    });
    try {
      const stream = llm.streamStructured({ prompt: "x", schema: Deck, partials: "per-delta" });
      const partials = await partialsOf(stream);
      expect(partials).toHaveLength(json.length);
      expect(partials.at(-1)).toEqual(deck);
      expect((await stream.result).object).toEqual(deck);
    } finally {
      await llm.close();
      server.closeAllConnections();
      server.close();
    }
  });

  test("by a forced tool: partials and text come from its arguments, prose beside it is none", async () => {
    const { ask, requests } = client([
      { text: "I will call {it}. ", toolCalls: [{ name: "answer", arguments: deck }] },
      {
        text: "Now {this}: ",
        toolCalls: [
          { name: "answer", arguments: deck },
          { name: "answer", arguments: { title: "again" } },
        ],
      },
    ]);
    const stream = ask({ strategy: "tool" });
    const partials = await partialsOf(stream);
    expect(partials.at(-1)).toEqual(deck);
    expect(partials.length).toBeGreaterThan(1);
    const events = await batchesOf(ask({ strategy: "tool" }).events);
    expect(requests[1]?.tool_choice).toMatchObject({ function: { name: "answer" } });
    expect(textOf(events)).toBe(JSON.stringify(deck));
    expect(events.filter(({ type }) => type.startsWith("tool-call"))).toEqual([]);
    expect(events.filter(({ type }) => type === "step-finish" || type === "start" || type === "finish")).toMatchObject([
      { type: "start" },
      { type: "step-finish", finishReason: "stop" },
      { type: "finish", result: { object: deck, text: JSON.stringify(deck), toolCalls: [], finishReason: "stop" } },
    ]);
    expect((await stream.result).message).toMatchObject({ content: JSON.stringify(deck) });
  });

  test("a model that answers the forced tool in words: its words come when the step ends", async () => {
    const { ask } = client([JSON.stringify(deck)]);
    const stream = ask({ strategy: "tool" });
    expect((await partialsOf(stream)).at(-1)).toEqual(deck);
    expect((await stream.result).object).toEqual(deck);
  });

  test("a wrapper is taken off: arrays grow, texts too", async () => {
    const { llm } = client([
      { object: { value: [1, 22, 333] }, pieces: 8 },
      { object: { value: "some words" }, pieces: 6 },
    ]);
    const numbers = llm.streamStructured({ prompt: "x", schema: z.array(z.number()) });
    const seen: number[][] = [];
    for await (const partial of numbers) seen.push(partial as number[]);
    expect([seen[0], seen.at(-1)]).toEqual([[1], [1, 22, 333]]);
    expect((await numbers.result).object).toEqual([1, 22, 333]);
    const words = await batchesOf(llm.streamStructured({ prompt: "x", schema: z.string() }));
    expect(words.at(-1)).toBe("some words");
    expect(words.every((word) => "some words".startsWith(String(word)))).toBe(true);
  });

  test("fences, thoughts and prose are passed over, a transform shows in the result only", async () => {
    const { llm } = client([`<think>{"n":"9"}</think>Here [1]:\n\`\`\`json\n{"n":"5"}\n\`\`\``]);
    const stream = llm.streamStructured({ prompt: "x", schema: z.object({ n: z.string().transform(Number) }) });
    const partials = await batchesOf(stream);
    expect(partials).toEqual([{ n: "5" }]);
    expect((await stream.result).object).toEqual({ n: 5 });
  });

  test("S49 tools run on the way; the object is that of the last step", async () => {
    const search = tool({ name: "search", parameters: z.object({ q: z.string() }), execute: () => "found" });
    const { ask } = client([
      { text: 'Looking for {"title":"x"}', toolCalls: [{ name: "search", arguments: { q: "sun" } }] },
      { object: deck },
    ]);
    const stream = ask({ tools: [search] });
    const partials = await partialsOf(stream);
    expect(partials.at(-1)).toEqual(deck);
    expect(await stream.result).toMatchObject({ object: deck, steps: [{ toolResults: [{ name: "search" }] }, {}] });
  });
});

describe("S49 every kind of call, whole and streamed", () => {
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, cost: 0.25 };
  const weather = tool({ name: "weather", parameters: z.object({ city: z.string() }), execute: () => "sunny" });
  const calls: [string, ScriptedReplySource[], Partial<GenerateRequest>, string][] = [
    ["text", [{ text: "Hello you", usage }], {}, "Hello you"],
    [
      "tools",
      [
        { toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }], usage },
        { text: "Sunny.", usage },
      ],
      { tools: [weather] },
      "Sunny.",
    ],
  ];
  test.each(calls)("S49 %s", async (_name, replies, more, text) => {
    const asked = replies.length;
    const whole = await client(replies).llm.generate({ prompt: "x", ...more });
    const stream = client(replies).llm.stream({ prompt: "x", ...more });
    expect((await batchesOf(stream)).join("")).toBe(text);
    const streamed = await stream.result;
    for (const result of [whole, streamed])
      expect(result).toMatchObject({
        text,
        finishReason: "stop",
        usage: { totalTokens: 7 * asked },
        cost: { usd: 0.25 * asked },
      });
  });

  test("S49 structured", async () => {
    const replies: ScriptedReplySource[] = [
      { toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }], usage },
      { object: deck, usage },
    ];
    const whole = await client(replies).llm.generateStructured({ prompt: "x", schema: Deck, tools: [weather] });
    const streamed = await client(replies).ask({ prompt: "x", tools: [weather] }).result;
    expect(streamed.object).toEqual(whole.object);
    for (const result of [whole, streamed])
      expect(result).toMatchObject({
        text: JSON.stringify(deck),
        usage: { totalTokens: 14 },
        cost: { usd: 0.5 },
        steps: [{}, {}],
      });
    expect(streamed.newMessages.map(({ role }) => role)).toEqual(whole.newMessages.map(({ role }) => role));
  });
});
