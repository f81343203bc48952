import { describe, expect, test } from "vitest";
import { holding, httpLoopback } from "../../test/loopback.js";
import { answering, CHAT_ANSWER, CHAT_BODY, openProvider } from "../../test/open-provider.js";
import { rejection } from "../../test/rejection.js";
import type { Clocks } from "./llm-provider.js";

const CLOCKS: Clocks = { connectMs: 1_000, firstTokenMs: 20_000, idleMs: 5_000, totalMs: 0 };

describe("answers that should be JSON", () => {
  test("F63 may start with blanks for keep-alives, and carry the generation's id", async () => {
    const { body, generationId, status } = await (
      await answering(` \n\n  ${JSON.stringify(CHAT_ANSWER)}`, { "x-generation-id": "gen-1" })
    ).chat(CHAT_BODY, {});
    expect([body.choices?.[0]?.message?.content, generationId, status]).toEqual(["Hello", "gen-1", 200]);
  });

  test.each(["text/plain", "TEXT/HTML; charset=latin1", "application/JSON; charset=UTF-8", "garbage"])(
    "F66 F67 are read whatever their content type (%s)",
    async (type) => {
      expect(
        (await (await answering(JSON.stringify(CHAT_ANSWER), { "content-type": type })).chat(CHAT_BODY, {})).body,
      ).toEqual(CHAT_ANSWER);
    },
  );

  test.each([
    ["", "empty_response", true],
    [" \n ", "empty_response", true],
    ["<!doctype html><title>Sign in</title>", "invalid_response", false],
    ["hello", "invalid_response", false],
    ["[1]", "invalid_response", false],
    ['{"choices":', "invalid_response", false],
  ])("F62 %j is %s", async (text, code, retryable) => {
    const error = await rejection((await answering(text, { "x-generation-id": "gen-1" })).chat(CHAT_BODY, {}));
    expect(error).toMatchObject({ code, retryable, generationId: "gen-1" });
  });

  test("F62 nothing is told with the fixed words", async () => {
    expect((await rejection((await answering("")).chat(CHAT_BODY, {}))).detail).toBe("LLM did not return any content");
  });

  test("F65 may be a stream all the same, which is put together", async () => {
    const events = [
      { id: "gen-1", model: "m", choices: [{ delta: { content: "Hel", reasoning: "hm" } }] },
      {
        id: "gen-1",
        choices: [
          {
            delta: { content: "lo", tool_calls: [{ index: 0, id: "c1", function: { name: "f", arguments: '{"a"' } }] },
          },
        ],
      },
      {
        choices: [
          { delta: { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] }, finish_reason: "tool_calls" },
        ],
        usage: { prompt_tokens: 1 },
      },
    ];
    const text = `: hi\n\n${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}`;
    expect((await (await answering(text)).chat(CHAT_BODY, {})).body).toEqual({
      object: "chat.completion",
      id: "gen-1",
      model: "m",
      usage: { prompt_tokens: 1 },
      choices: [
        {
          index: 0,
          finish_reason: "tool_calls",
          message: {
            role: "assistant",
            content: "Hello",
            reasoning: "hm",
            tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
          },
        },
      ],
    });
  });

  test("F65 F11 such a stream without an end is a cut one", async () => {
    expect(
      (await rejection((await answering('data: {"choices":[{"delta":{"content":"Hel"}}]}\n\n')).chat(CHAT_BODY, {})))
        .code,
    ).toBe("stream_truncated");
  });

  test("F57 a page with a status of failure is cut to its words", async () => {
    const error = await rejection(
      (await answering("<html><title>502 Bad Gateway</title></html>", { "content-type": "text/html" }, 502)).chat(
        CHAT_BODY,
        {},
      ),
    );
    expect(error).toMatchObject({ code: "provider_error", detail: "502 Bad Gateway", model: "acme/test-1" });
  });

  test("a body of failure without end is read as far as is needed", async () => {
    const { url } = await httpLoopback((_, response) => {
      response.writeHead(503);
      const write = () => (response.write("x".repeat(64 * 1024)) ? setImmediate(write) : response.once("drain", write));
      write();
    });
    expect((await rejection(openProvider(url).chat(CHAT_BODY, {}))).code).toBe("provider_overloaded");
  });

  test("F25 the whole answer is held to firstTokenMs, silence before the headers included", async () => {
    const { listener, next } = holding();
    const slow = openProvider((await httpLoopback(listener)).url);
    const failing = rejection(slow.chat(CHAT_BODY, { clocks: CLOCKS }));
    await next();
    expect(slow.clock.pending).toEqual([20_000]);
    slow.clock.advance(20_000);
    expect(await failing).toMatchObject({ code: "timeout", phase: "first_token" });
  });
});
