import { describe, expect, test } from "vitest";
import { memoryResponseCache } from "../src/index.js";
import { rejection } from "./rejection.js";
import { type Answer, completion, events, json, textChunk, upstream } from "./upstream.js";

const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };
const asked = { prompt: "x", temperature: 0, schema };

const [choice] = completion.choices;
const said = (content: string) => ({
  ...completion,
  choices: [{ ...choice, message: { role: "assistant", content } }],
});
const withCache = (answer: Answer, model = "openai/gpt-4o") =>
  upstream(answer, { model, responseCache: memoryResponseCache() });

describe("objects", () => {
  test("one that fits comes from the cache the next time, streamed too", async () => {
    const { llm, requests } = await withCache((_seen, response) => json(response, 200, said('{"n":1}')));
    const first = await llm.generateStructured(asked);
    const again = await llm.generateStructured(asked);
    expect([first.fromCache, again.fromCache, again.object, again.cost?.usd]).toEqual([undefined, true, { n: 1 }, 0]);
    const stream = llm.streamStructured(asked);
    const partials: unknown[] = [];
    for await (const partial of stream) partials.push(partial);
    expect(partials.at(-1)).toEqual({ n: 1 });
    expect(await stream.result).toMatchObject({ object: { n: 1 }, fromCache: true });
    expect(requests).toHaveLength(1);
  });

  test("one that was streamed is kept, and not before it has been found good", async () => {
    const { llm, requests } = await withCache((_seen, response, count) => {
      const text = count === 1 ? '{"n":"one"}' : '{"n":1}';
      const finish = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: completion.usage };
      events(response, textChunk(text), finish, "data: [DONE]\n\n");
      return response.end();
    });
    expect((await rejection(llm.streamStructured(asked).result)).code).toBe("structured_output");
    expect((await llm.streamStructured(asked).result).object).toEqual({ n: 1 });
    expect((await llm.streamStructured(asked).result).fromCache).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test("an answer that does not fit is never kept: the model is asked anew, and its second answer is not the first", async () => {
    const texts = ['{"n":"one"}', '{"n":2}', '{"n":3}'];
    const { llm, requests } = await withCache((_seen, response, count) =>
      json(response, 200, said(texts[count - 1] ?? "")),
    );
    const mended = await llm.generateStructured(asked);
    expect([mended.object, mended.fromCache]).toEqual([{ n: 2 }, undefined]);
    const anew = await llm.generateStructured(asked);
    expect([anew.object, requests.length]).toEqual([{ n: 3 }, 3]);
    expect((await llm.generateStructured(asked)).fromCache).toBe(true);
  });

  test("one that came as the arguments of the function made for it is kept like text", async () => {
    const call = { id: "c", type: "function", function: { name: "answer", arguments: '{"n":1}' } };
    const message = { role: "assistant", content: null, tool_calls: [call] };
    const whole = { ...completion, choices: [{ index: 0, message, finish_reason: "stop" }] };
    const { llm, requests } = await withCache((_seen, response) => json(response, 200, whole));
    await llm.generateStructured({ ...asked, strategy: "tool" });
    const again = await llm.generateStructured({ ...asked, strategy: "tool" });
    expect(again).toMatchObject({ object: { n: 1 }, strategy: "tool", fromCache: true });
    expect((await llm.streamStructured({ ...asked, strategy: "tool" }).result).object).toEqual({ n: 1 });
    expect(requests).toHaveLength(1);
  });

  test("another schema is another question", async () => {
    const { llm, requests } = await withCache((_seen, response) => json(response, 200, said('{"n":1}')));
    await llm.generateStructured(asked);
    const properties = { n: { type: "number" } };
    const other = await llm.generateStructured({ ...asked, schema: { ...schema, properties } });
    expect([other.fromCache, requests.length]).toEqual([undefined, 2]);
  });
});
