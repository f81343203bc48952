import { describe, expect, test } from "vitest";
import { AbortedError, LLMClient, LLMError, type Message, type ScopeOptions, type StreamEvent } from "../src/index.js";
import { type ScriptedReplySource, scriptedProvider } from "../src/testing/index.js";

function client(replies: ScriptedReplySource[], options: ScopeOptions = {}) {
  const provider = scriptedProvider(replies);
  return { llm: new LLMClient({ provider, env: false, retry: false }).scope(options), provider };
}
const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));
const caught = async (work: Promise<unknown>): Promise<LLMError> => {
  try {
    await work;
  } catch (error) {
    if (LLMError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};
async function texts(stream: AsyncIterable<string>): Promise<string[]> {
  const list: string[] = [];
  for await (const text of stream) list.push(text);
  return list;
}

describe("the six rules of a stream", () => {
  test("1 the request is sent in the next microtask, whether or not anybody reads", async () => {
    const { llm, provider } = client(["Hello there"]);
    const stream = llm.stream({ prompt: "hi" });
    expect(provider.requests).toHaveLength(0);
    await turnOfTheLoop();
    expect(provider.requests).toHaveLength(1);
    expect((await stream.result).text).toBe("Hello there");
  });

  test.each(["stream", "streamStructured", "generate", "generateStructured"] as const)(
    "1 what %s() was given is what it asks, whatever becomes of the list after the call",
    async (road) => {
      const { llm, provider } = client(["no object", "{}"]);
      const messages: Message[] = [{ role: "user", content: "hi" }];
      const request = { messages, prompt: undefined as string | undefined };
      const schema = { schema: { type: "object" } as const };
      const work =
        road === "stream"
          ? llm.stream(request).result
          : road === "generate"
            ? llm.generate(request)
            : road === "streamStructured"
              ? llm.streamStructured({ ...request, ...schema }).result
              : llm.generateStructured({ ...request, ...schema });
      messages.push({ role: "user", content: "later" });
      request.prompt = "later";
      await work;
      const said = provider.requests.map(({ messages: sent }) => sent.map(({ content }) => String(content)).join());
      expect(said.every((text) => text.startsWith("hi") && !text.includes("later"))).toBe(true);
      expect(said).toHaveLength(road.endsWith("Structured") ? 2 : 1);
    },
  );

  test("1 stream() never throws, not even for a request that throws when it is read", async () => {
    const { llm } = client([]);
    const request = {
      get prompt(): string {
        throw new RangeError("no");
      },
    };
    await expect(llm.stream(request).result).rejects.toThrow("no");
    for (const name of ["prompt", "timeouts", "tools", "approvals", "partials", "schema"]) {
      const broken = Object.defineProperty({ prompt: "x", schema: {} }, name, {
        enumerable: true,
        get: () => request.prompt,
      });
      await expect(llm.stream(broken).result, name).rejects.toThrow("no");
      await expect(llm.streamStructured(broken).result, name).rejects.toThrow("no");
    }
  });

  test("1 stream() never throws: a wrong request comes out of the readers", async () => {
    const { llm } = client([]);
    const stream = llm.stream({} as never);
    expect((await caught(texts(stream))).code).toBe("invalid_request");
    expect((await caught(stream.result)).code).toBe("invalid_request");
  });

  test("2 a second reader throws invalid_request and names tee()", async () => {
    const { llm } = client(["a b c"]);
    const stream = llm.stream({ prompt: "hi" });
    const first = texts(stream);
    const second = await caught(texts(stream));
    expect([second.code, second.hint?.includes("tee()")]).toEqual(["invalid_request", true]);
    expect(second.message).toContain("tee()");
    expect((await first).join("")).toBe("a b c");
  });

  test("2 the branches of tee() each see everything", async () => {
    const { llm, provider } = client(["one two three"]);
    const [left, right] = llm.stream({ prompt: "hi" }).tee();
    if (!left || !right) throw new Error("two branches");
    const [all, again] = await Promise.all([texts(left), texts(right)]);
    expect([all.join(""), again.join(""), provider.requests.length]).toEqual(["one two three", "one two three", 1]);
    expect((await left.result).text).toBe("one two three");
  });

  test("2 the last branch to leave closes the stream", async () => {
    const { llm } = client([{ text: "w ".repeat(5_000) }]);
    const stream = llm.stream({ prompt: "hi" });
    const [left, right] = stream.tee();
    if (!left || !right) throw new Error("two branches");
    for await (const _ of left) break;
    right.abort();
    expect(AbortedError.is(await caught(stream.result))).toBe(true);
  });

  test("3 result alone drains the stream; a late reader gets what has come as one piece", async () => {
    const { llm } = client(["one two three"]);
    const stream = llm.stream({ prompt: "hi" });
    const result = await stream.result;
    expect(result.text).toBe("one two three");
    expect(await texts(stream)).toEqual(["one two three"]);
  });

  test("3 result takes nothing from a reader that comes in the same turn", async () => {
    const { llm } = client(["one two three"]);
    const stream = llm.stream({ prompt: "hi" });
    const result = stream.result;
    expect(await texts(stream)).toEqual(["one", " two", " three"]);
    expect((await result).text).toBe("one two three");
  });

  test("4 leaving the loop does not throw there, and rejects result with what had come", async () => {
    const { llm } = client(["one two three"]);
    const stream = llm.stream({ prompt: "hi" });
    const seen: string[] = [];
    for await (const text of stream) {
      seen.push(text);
      break;
    }
    const error = await caught(stream.result);
    expect([seen, error.code, error.name, error.partial?.text]).toEqual([["one"], "aborted", "AbortError", "one"]);
  });

  test("4 abort() comes out of the reader and out of result", async () => {
    const { llm } = client([{ text: "one two three" }]);
    const stream = llm.stream({ prompt: "hi" });
    const reading = (async () => {
      for await (const _ of stream) stream.abort("enough");
    })();
    expect((await caught(reading)).code).toBe("aborted");
    const error = await caught(stream.result);
    expect([error.code, error.cause]).toEqual(["aborted", "enough"]);
  });

  test("4 a signal that fires is an abort, and so is one that had fired before", async () => {
    const controller = new AbortController();
    const { llm, provider } = client(["one two three"]);
    const stream = llm.stream({ prompt: "hi", signal: controller.signal });
    const reading = (async () => {
      for await (const _ of stream) controller.abort(new Error("user left"));
    })();
    expect((await caught(reading)).code).toBe("aborted");
    expect((await caught(texts(llm.stream({ prompt: "hi", signal: controller.signal })))).code).toBe("aborted");
    expect(provider.requests).toHaveLength(1);
  });

  test("4 dispose closes the stream", async () => {
    const { llm } = client(["one two three"]);
    const stream = llm.stream({ prompt: "hi" });
    await stream[Symbol.asyncDispose]();
    expect((await caught(stream.result)).code).toBe("aborted");
  });

  test("6 a failure throws from the reader and rejects result, with the partial text", async () => {
    const { llm } = client([{ text: "one two", error: new Error("engine died") }]);
    const stream = llm.stream({ prompt: "hi" });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const text of stream) seen.push(text);
    })();
    const error = await caught(reading);
    expect([seen.join(""), error.code, error.retryable, error.partial?.text]).toEqual([
      "one two",
      "provider_error",
      false,
      "one two",
    ]);
    expect((await caught(stream.result)).partial?.text).toBe("one two");
  });

  test("6 events end in exactly one finish, and start comes first", async () => {
    const { llm } = client([{ reasoning: "think", text: "one two" }]);
    const events: StreamEvent[] = [];
    for await (const event of llm.stream({ prompt: "hi" }).events) events.push(event);
    expect(events.map((event) => event.type)).toEqual([
      "start",
      "step-start",
      "reasoning-delta",
      "text-delta",
      "text-delta",
      "step-finish",
      "finish",
    ]);
    const last = events.at(-1);
    expect(last?.type === "finish" && [last.result.text, last.result.reasoning, last.result.finishReason]).toEqual([
      "one two",
      "think",
      "stop",
    ]);
  });

  test("an answer that is empty but for its finish word is a result with a warning", async () => {
    const { llm } = client([{ text: "", finishReason: "length" }]);
    const result = await llm.stream({ prompt: "hi" }).result;
    expect([result.text, result.finishReason, result.warnings.map((warning) => warning.code)]).toEqual([
      "",
      "length",
      ["empty_text"],
    ]);
  });
});
