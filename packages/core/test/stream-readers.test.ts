import { describe, expect, test } from "vitest";
import type { EventStream } from "../src/generate/generate-stream.js";
import { turnUntil } from "./answer-server.js";
import { batchesOf } from "./batches-of.js";
import { rejection } from "./rejection.js";
import { scriptedClient, turnOfTheLoop } from "./scripted-client.js";
import { ScriptedSource } from "./scripted-source.js";

const prompt = "hi";
const valuesOf = async (reads: Promise<IteratorResult<string>>[]) =>
  (await Promise.all(reads)).map((read) => read.value);

describe("one reader", () => {
  test("1 the request goes out in the next microtask with a model whose id is warned about", async () => {
    const { llm, provider } = scriptedClient(["a"], { name: "openrouter", model: "anthropic/claude-3-haiku:beta" });
    llm.stream({ prompt });
    await turnOfTheLoop();
    expect(provider.requests.map(({ model }) => model)).toHaveLength(1);
  });

  test("calls of next() that overlap lose no event and keep their order", async () => {
    const source = new ScriptedSource().text("a", "b").text("c", "d");
    const reader = source.stream[Symbol.asyncIterator]();
    expect(await valuesOf([reader.next(), reader.next(), reader.next(), reader.next()])).toEqual(["a", "b", "c", "d"]);
  });

  test("calls of next() that overlap the end all end", async () => {
    const source = new ScriptedSource().text("a").finish();
    const reader = source.stream[Symbol.asyncIterator]();
    const reads = await Promise.all([reader.next(), reader.next(), reader.next()]);
    expect(reads.map(({ done }) => done)).toEqual([false, true, true]);
  });

  test("reads of whole batches that overlap the end leave result as it is", async () => {
    const { llm } = scriptedClient(["a b"]);
    const stream = llm.stream({ prompt }) as EventStream;
    const batches = stream.batches();
    const reads = await Promise.all(Array.from({ length: 10 }, () => batches.next()));
    const events = reads.flatMap(({ value }) => value ?? []).map(({ type }) => type);
    expect(events.filter((type) => type === "finish")).toEqual(["finish"]);
    expect((await stream.result).text).toBe("a b");
  });

  test("an iterator is iterable itself, as those of a generator are", async () => {
    const { llm } = scriptedClient(["a b"]);
    const reader = llm.stream({ prompt })[Symbol.asyncIterator]() as AsyncIterableIterator<string>;
    expect((await reader.next()).value).toBe("a");
    expect(await batchesOf(reader)).toEqual([" b"]);
  });

  test("3 a late reader gets what has arrived at once, while upstream is silent, and goes on live", async () => {
    const source = new ScriptedSource().text("ear", "ly");
    const { result } = source.stream;
    await turnUntil(() => source.pulls === 2);
    const reader = source.stream[Symbol.asyncIterator]();
    expect((await reader.next()).value).toBe("early");
    source.text("late").finish();
    expect((await reader.next()).value).toBe("late");
    expect((await reader.next()).done).toBe(true);
    expect((await result).text).toBe("Hello world");
  });
});

describe("tee()", () => {
  test("a branch that runs ahead waits for the slowest one, within a bound", async () => {
    const words = Array.from({ length: 3_000 }, (_, index) => `${index} `);
    const source = new ScriptedSource();
    for (const word of words) source.text(word);
    source.finish();
    const [fast, slow] = source.stream.tee();
    if (!fast || !slow) throw new Error("two branches");
    const seen: string[] = [];
    const reading = (async () => {
      for await (const text of fast) seen.push(text);
    })();
    const others = slow[Symbol.asyncIterator]() as AsyncIterableIterator<string>;
    const first = await others.next();
    for (let before = -1; before !== seen.length; await turnOfTheLoop()) before = seen.length;
    expect(seen.length).toBeGreaterThan(1_000);
    expect(source.pulls).toBeLessThan(1_100);
    const rest = await batchesOf(others);
    await reading;
    expect([seen, [first.value, ...rest]]).toEqual([words, words]);
  });

  test("a branch that nobody reads stops counting after its idle time", async () => {
    const text = "w ".repeat(3_000).trimEnd();
    const { llm, clock } = scriptedClient([{ text }]);
    const [read, unread] = llm.stream({ prompt }).tee();
    if (!read || !unread) throw new Error("two branches");
    const seen: string[] = [];
    const reading = (async () => {
      for await (const word of read) seen.push(word);
    })();
    for (let before = -1; before !== seen.length; await turnOfTheLoop()) before = seen.length;
    expect(seen.length).toBeLessThan(1_100);
    clock.advance(60_000);
    await reading;
    expect(seen.join("")).toBe(text);
    expect(await rejection(unread.result)).toMatchObject({ code: "timeout", phase: "idle" });
  });

  test("result of a branch that was left rejects at once, while upstream is silent", async () => {
    const source = new ScriptedSource().text("early");
    const [left, stays] = source.stream.tee();
    if (!left || !stays) throw new Error("two branches");
    const others = stays[Symbol.asyncIterator]();
    for await (const _ of left) break;
    expect((await rejection(left.result)).code).toBe("aborted");
    expect([(await others.next()).value, source.abortedWith]).toEqual(["early", undefined]);
  });

  test.each([0, -1, 1.5, Number.NaN])("a count of %s throws, and leaves the stream readable", async (count) => {
    const { llm } = scriptedClient(["one"]);
    const stream = llm.stream({ prompt });
    expect(() => stream.tee(count)).toThrow("`tee` takes a whole number");
    expect(await batchesOf(stream)).toEqual(["one"]);
  });
});
