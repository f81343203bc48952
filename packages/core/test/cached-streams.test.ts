import { describe, expect, test } from "vitest";
import { type GenerateRequest, memoryResponseCache, type StreamEvent } from "../src/index.js";
import { pipeStream } from "../src/node/index.js";
import { httpLoopback } from "./loopback.js";
import { rejection } from "./rejection.js";
import { type Answer, completion, events, json, textChunk, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
const asked: GenerateRequest = { prompt: "x", temperature: 0 };

const thought = (reasoning: string) => ({
  id: "gen-1",
  choices: [
    { index: 0, delta: { reasoning, reasoning_details: [{ type: "reasoning.text", text: reasoning, index: 0 }] } },
  ],
});
const told: Answer = (seen, response) => {
  if (seen.body.stream !== true) return json(response, 200, completion);
  const finish = {
    choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
    provider: "Azure",
    usage: completion.usage,
  };
  events(response, thought("hm"), thought("m"), textChunk("h"), textChunk("i"), finish, "data: [DONE]\n\n");
  return response.end();
};
const withCache = (answer: Answer = told) => upstream(answer, { model, responseCache: memoryResponseCache() });

async function read(stream: { events: AsyncIterable<StreamEvent> }): Promise<StreamEvent[]> {
  const all: StreamEvent[] = [];
  for await (const event of stream.events) all.push(event);
  return all;
}

describe("a hit, streamed", () => {
  test("is told as events: start, thoughts, text, the step's end, finish", async () => {
    const { llm, requests } = await withCache();
    const first = await read(llm.stream(asked));
    const again = await read(llm.stream(asked));
    expect(requests).toHaveLength(1);
    expect(again.map(({ type }) => type)).toEqual([
      ...["start", "step-start", "reasoning-delta", "text-delta", "step-finish", "finish"],
    ]);
    expect(again[0]).toEqual({ type: "start", generationId: "gen-1", servedBy: "Azure" });
    expect(again.at(-2)).toMatchObject({ type: "step-finish", finishReason: "stop", cost: { usd: 0 } });
    const [before, after] = [first.at(-1), again.at(-1)];
    if (before?.type !== "finish" || after?.type !== "finish") throw new Error("a stream did not finish");
    const { text, reasoning, message, finishReason, servedBy } = before.result;
    expect(after.result).toMatchObject({ text, reasoning, message, finishReason, servedBy, fromCache: true });
    expect(after.result.attempts).toEqual([]);
  });

  test("is told from an answer that was not streamed, and the other way round", async () => {
    const { llm, requests } = await withCache();
    await llm.generate(asked);
    const stream = llm.stream(asked);
    let text = "";
    for await (const piece of stream) text += piece;
    expect([text, (await stream.result).fromCache]).toEqual(["hi", true]);
    const other = { ...asked, prompt: "y" };
    const streamed = await llm.stream(other).result;
    const whole = await llm.generate(other);
    expect(whole).toMatchObject({ text: "hi", reasoning: "hmm", message: streamed.message, fromCache: true });
    expect(requests).toHaveLength(2);
  });

  test("has its warnings behind the start", async () => {
    const { llm } = await withCache();
    const dropped = { ...asked, model: "anthropic/claude-3-haiku:beta" };
    await llm.stream(dropped).result;
    const [start, warning] = await read(llm.stream(dropped));
    expect([start?.type, warning?.type]).toEqual(["start", "warning"]);
  });

  test("has several readers by tee(), and may be left", async () => {
    const { llm } = await withCache();
    await llm.generate(asked);
    const [one, two] = llm.stream(asked).tee();
    if (one === undefined || two === undefined) throw new Error("tee() gives two");
    const texts = await Promise.all([one, two].map(async (branch) => (await branch.result).text));
    expect(texts).toEqual(["hi", "hi"]);
    const left = llm.stream(asked);
    for await (const _ of left) break;
    expect((await rejection(left.result)).code).toBe("aborted");
    const aborted = llm.stream({ ...asked, signal: AbortSignal.abort() });
    expect((await rejection(aborted.result)).code).toBe("aborted");
  });

  test.each(["events", "openai", "ui-message", "ndjson", "text"] as const)(
    "goes through a pipe as %s",
    async (format) => {
      const { llm } = await withCache();
      await llm.generate(asked);
      const { url } = await httpLoopback(async (_request, response) => {
        const { outcome, result } = await pipeStream(llm.stream(asked), response, { format });
        expect([outcome, result?.fromCache]).toEqual(["finished", true]);
      });
      const text = await (await fetch(url)).text();
      expect(text).toContain("hi");
      expect(text.includes("fromCache")).toBe(format === "events" || format === "ndjson");
    },
  );

  test("has pictures and sources", async () => {
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
    const annotation = { type: "url_citation", url_citation: { url: "https://example.com" } };
    const [choice] = completion.choices;
    const message = { role: "assistant", content: "", images: [image], annotations: [annotation] };
    const { llm } = await withCache((_seen, response) =>
      json(response, 200, { ...completion, choices: [{ ...choice, message }] }),
    );
    await llm.generate(asked);
    const again = await read(llm.stream(asked));
    expect(again.filter(({ type }) => type === "image" || type === "annotation")).toEqual([
      { type: "annotation", step: 0, annotation },
      { type: "image", step: 0, image },
    ]);
  });
});
