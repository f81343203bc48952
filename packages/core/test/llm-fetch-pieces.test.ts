import { describe, expect, test } from "vitest";
import { rejection } from "./rejection.js";
import { events, post, textChunk, upstream } from "./upstream.js";

const chat = post({ model: "openai/gpt-4o", messages: [], stream: true });
const wire = (content: string) => `data: ${JSON.stringify(textChunk(content))}\n\n`;

describe("the pieces that llm.fetch hands out", () => {
  test("are whole reads of the socket, however many HTTP chunks one brings", async () => {
    const words = Array.from({ length: 200 }, (_, index) => `w${index}`);
    const { llm, baseURL } = await upstream((_seen, response) => {
      events(response, ...words.map((word) => textChunk(word)));
      response.end();
    });
    const pieces: string[] = [];
    for await (const piece of (await llm.fetch(`${baseURL}/chat/completions`, chat)).body ?? [])
      pieces.push(Buffer.from(piece).toString());
    expect(pieces.join("")).toBe(words.map(wire).join(""));
    expect(pieces.length).toBeLessThan(20);
  });

  test("stay apart where they were read apart", async () => {
    const more = Promise.withResolvers<void>();
    const { llm, baseURL } = await upstream(async (_seen, response) => {
      events(response, textChunk("one"));
      await more.promise;
      events(response, textChunk("two"));
      response.end();
    });
    const pieces: string[] = [];
    for await (const piece of (await llm.fetch(`${baseURL}/chat/completions`, chat)).body ?? []) {
      pieces.push(Buffer.from(piece).toString());
      more.resolve();
    }
    expect(pieces).toEqual([wire("one"), wire("two")]);
  });

  test("come before the failure that follows them", async () => {
    const { llm, baseURL } = await upstream((_seen, response) => {
      events(response, textChunk("one"));
      response.write(wire("two"), () => response.destroy());
    });
    let text = "";
    const reading = async () => {
      for await (const piece of (await llm.fetch(`${baseURL}/chat/completions`, chat)).body ?? [])
        text += Buffer.from(piece).toString();
    };
    expect(await rejection(reading())).toMatchObject({ code: "stream_truncated" });
    expect(text).toBe(wire("one") + wire("two"));
  });

  test("are metered also where the reader leaves before it has seen them", async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 0.125 };
    const { llm, baseURL } = await upstream((_seen, response) => {
      events(response, textChunk("one"), { id: "gen-1", choices: [], usage });
    });
    const reader = (await llm.fetch(`${baseURL}/chat/completions`, chat)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(() => llm.usage.total.usd).toBe(0.125);
  });
});
