import { describe, expect, test } from "vitest";
import { batchesOf } from "../../test/batches-of.js";
import { httpLoopback, rawLoopback } from "../../test/loopback.js";
import { answering, CHAT_BODY, chunksOf, openProvider } from "../../test/open-provider.js";
import { rejection } from "../../test/rejection.js";
import type { Clocks } from "./llm-provider.js";

const CLOCKS: Clocks = { connectMs: 1_000, firstTokenMs: 20_000, idleMs: 5_000, totalMs: 0 };

describe("answers that should be streams", () => {
  test("F64 may be JSON, which becomes one chunk", async () => {
    const whole = {
      id: "gen-1",
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "Hello",
            tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
          },
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 1 },
    };
    const stream = await (await answering(`\n ${JSON.stringify(whole)}`)).chatStream(CHAT_BODY, {});
    const batches = await batchesOf(stream);
    expect([batches.filter((batch) => batch.length > 0).length, stream.done]).toEqual([1, true]);
    expect(batches.flat()).toEqual([
      {
        id: "gen-1",
        object: "chat.completion.chunk",
        usage: { prompt_tokens: 1 },
        choices: [
          {
            index: 0,
            finish_reason: "stop",
            delta: {
              role: "assistant",
              content: "Hello",
              tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
            },
          },
        ],
      },
    ]);
  });

  test("F64 may be an error as JSON, which is a chunk with that error", async () => {
    const stream = await (
      await answering('{"error":{"code":502,"message":"no"}}', { "content-type": "text/event-stream" })
    ).chatStream(CHAT_BODY, {});
    expect(await chunksOf(stream)).toEqual([{ error: { code: 502, message: "no" } }]);
  });

  test("F66 are read whatever their content type", async () => {
    expect(
      await chunksOf(await (await answering('data: {"id":"a"}\n\ndata: [DONE]\n\n')).chatStream(CHAT_BODY, {})),
    ).toEqual([{ id: "a" }]);
  });

  test.each([
    ["", "empty_response"],
    ["\n\n", "empty_response"],
    ["<html>", "invalid_response"],
    ["error code: 524", "invalid_response"],
    ['{"choices":', "invalid_response"],
    ["data: {broken}\n\n", "invalid_response"],
  ])("F15 F62 %j is %s", async (text, code) => {
    const stream = await (await answering(text, { "x-generation-id": "gen-1" })).chatStream(CHAT_BODY, {});
    expect(stream.generationId).toBe("gen-1");
    const error = await rejection(chunksOf(stream));
    expect([error.code, error.generationId, error.detail.includes("broken")]).toEqual([code, "gen-1", false]);
  });

  test("F22 a reset keeps what the headers told", async () => {
    const { url, sockets } = await rawLoopback((socket) => {
      socket.once("data", () =>
        socket.write(
          'HTTP/1.1 200 OK\r\nx-generation-id: gen-1\r\ntransfer-encoding: chunked\r\n\r\nc\r\ndata: {"a":1\r\n',
        ),
      );
    });
    const stream = await openProvider(url).chatStream(CHAT_BODY, {});
    const failing = rejection(chunksOf(stream));
    sockets[0]?.resetAndDestroy();
    expect(await failing).toMatchObject({ code: "stream_truncated", generationId: "gen-1", phase: "streaming" });
  });

  test("F25 headers are waited for with the idle clock", async () => {
    const { url } = await httpLoopback(() => undefined);
    const slow = openProvider(url);
    const failing = rejection(slow.chatStream(CHAT_BODY, { clocks: CLOCKS }));
    await slow.clock.waiting(5_000);
    slow.clock.advance(5_000);
    expect(await failing).toMatchObject({ code: "timeout", phase: "idle" });
  });

  test("a connection is used again after [DONE]", async () => {
    const { url, sockets } = await httpLoopback((_, response) => {
      response.write('data: {"id":"a"}\n\ndata: [DONE]\n\n');
      setImmediate(() => response.end());
    });
    const reused = openProvider(url);
    for (let round = 0; round < 5; round += 1) {
      const stream = await reused.chatStream(CHAT_BODY, {});
      expect(await chunksOf(stream)).toEqual([{ id: "a" }]);
      stream.close();
      // The drain's clock stops when the server has ended the body.
      while (reused.clock.pending.length > 0) await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sockets).toHaveLength(1);
  });
});
