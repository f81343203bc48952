import { expect, test } from "vitest";
import type { LLMClient, StreamEvent, Warning } from "../src/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient, turnOfTheLoop } from "./scripted-client.js";
import { completion, json, post, upstream } from "./upstream.js";

const retired = "openai/gpt-4o:beta";
function warningsOf(llm: LLMClient): string[] {
  const codes: string[] = [];
  llm.on("warning", ({ code }: Warning) => codes.push(code));
  return codes;
}

test("a listener that rejects is reported to the logger and reaches neither the call nor the process", async () => {
  const faults: unknown[] = [];
  const logger = { error: (message: string, fields?: object) => void faults.push([message, fields]) };
  const { llm } = scriptedClient(["x"], { logger });
  llm.on("usage", async () => {
    throw new RangeError("the database is down");
  });
  expect((await llm.generate({ prompt: "x" })).text).toBe("x");
  await turnOfTheLoop();
  expect(faults).toEqual([["a listener failed", { error: "RangeError" }]]);
});

test("an event that does not exist is refused, instead of never heard", () => {
  const { llm } = scriptedClient([]);
  const refused = (detail: string) => expect.objectContaining({ code: "invalid_request", detail });
  expect(() => llm.on("usages" as never, () => {})).toThrow(
    refused('there is no event "usages"; there are usage, retry, warning'),
  );
  expect(() => llm.on("usage", undefined as never)).toThrow(refused('the listener of "usage" is no function'));
});

test("a listener that was added twice hears twice, and goes one by one", async () => {
  const { llm } = scriptedClient(["x", "x", "x"]);
  let heard = 0;
  const count = () => void heard++;
  const ends = [llm.on("usage", count), llm.on("usage", count)];
  const after: number[] = [];
  for (const end of [...ends, () => {}]) {
    await llm.generate({ prompt: "x" });
    after.push(heard);
    end();
  }
  expect(after).toEqual([2, 3, 3]);
});

test("a listener that is added while an event is told hears the next one", async () => {
  const { llm } = scriptedClient(["x", "x"]);
  let added = 0;
  const add = () => {
    if (added++ < 100) llm.on("usage", add);
  };
  llm.on("usage", add);
  await llm.generate({ prompt: "x" });
  expect(added).toBe(1);
  await llm.generate({ prompt: "x" });
  expect(added).toBe(3);
});

test("a model that says nothing is an event of the stream, a warning of the client and of the result", async () => {
  const { llm } = scriptedClient([{ text: "", finishReason: "length" }]);
  const codes = warningsOf(llm);
  const events: StreamEvent[] = [];
  for await (const event of llm.stream({ prompt: "x" }).events) events.push(event);
  const told = events.flatMap((event) => (event.type === "warning" ? [event.warning.code] : []));
  const last = events.at(-1);
  const kept = last?.type === "finish" ? last.result.warnings.map(({ code }) => code) : [];
  expect([told, codes, kept]).toEqual([["empty_text"], ["empty_text"], ["empty_text"]]);
});

test("what was changed about an id is told on every road", async () => {
  const { llm, requests, baseURL } = await upstream(
    ({ path }, response) =>
      json(response, 200, path.endsWith("embeddings") ? { data: [{ index: 0, embedding: [1] }] } : completion),
    { model: "openai/gpt-4o" },
  );
  const codes = warningsOf(llm);
  const counted = async (ask: () => Promise<{ warnings: Warning[] } | Response>) => {
    const before = codes.length;
    const done = await ask();
    return [codes.length - before, "warnings" in done ? done.warnings.length : undefined];
  };
  const { length } = (await llm.generate({ prompt: "x", model: retired })).warnings;
  expect(length).toBeGreaterThan(0);
  expect(await counted(() => llm.generate({ prompt: "x", model: retired }))).toEqual([length, length]);
  expect(await counted(() => llm.generate({ prompt: "x", fallbackModels: [retired] }))).toEqual([length, length]);
  expect(await counted(() => llm.embed({ input: "x", model: retired }))).toEqual([length, length]);
  const asked = post({ model: retired, messages: [] });
  expect(await counted(() => llm.fetch(`${baseURL}/chat/completions`, asked))).toEqual([length, undefined]);
  expect(requests.map(({ body }) => body.models ?? body.model)).toEqual([
    "openai/gpt-4o",
    "openai/gpt-4o",
    ["openai/gpt-4o"],
    "openai/gpt-4o",
    "openai/gpt-4o",
  ]);
});

test("a call that fails tells its warnings once", async () => {
  const { llm } = scriptedClient([new Error("no")], { name: "openrouter" });
  const codes = warningsOf(llm);
  await rejection(llm.generate({ prompt: "x", model: retired }));
  expect(codes).toHaveLength(1);
});
