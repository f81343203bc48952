import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import type { FetchLike } from "../src/index.js";
import { rawUpstream, settle, wholeAnswer } from "./raw-upstream.js";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { events, textChunk, upstream } from "./upstream.js";

test.each(["generate", "stream"] as const)(
  "F25 a server that takes the request and never answers is left for another try: %s()",
  async (kind) => {
    const { llm, clock, requests } = await rawUpstream((socket, count) => {
      if (count === 1) asked.resolve();
      else socket.write(wholeAnswer());
    });
    const asked = Promise.withResolvers<void>();
    const answer = kind === "generate" ? llm.generate({ prompt: "x" }) : llm.stream({ prompt: "x" }).result;
    await asked.promise;
    clock.advance(kind === "generate" ? 599_999 : 59_999);
    expect(requests).toHaveLength(1);
    clock.advance(1);
    const { text, attempts } = await settle(answer, clock);
    expect([text, attempts.map(({ code }) => code)]).toEqual(["fine", ["timeout", undefined]]);
  },
);

describe("a server that only says that it is there", () => {
  const minutesOfComments = async (timeouts: { firstTokenMs?: number }) => {
    const { llm, clock, requests } = await upstream(
      (_seen, response) => {
        events(response);
        answer.resolve(response);
      },
      { timeouts, retry: false },
    );
    const answer = Promise.withResolvers<ServerResponse>();
    const stream = llm.stream({ prompt: "x" });
    const reader = stream.events[Symbol.asyncIterator]();
    const response = await answer.promise;
    const comment = async () => {
      response.write(": OPENROUTER PROCESSING\n\n");
      return (await reader.next()).value;
    };
    return { clock, requests, reader, response, comment, stream };
  };

  test("F28 is waited for: ten minutes of comments, five seconds apart, and the answer comes", async () => {
    const { clock, reader, response, comment } = await minutesOfComments({});
    const seen = new Set<string>();
    for (let count = 0; count < 120; count += 1) {
      seen.add((await comment()).type);
      clock.advance(5_000);
    }
    events(response, textChunk("at last"), { choices: [{ delta: {}, finish_reason: "stop" }] });
    response.end("data: [DONE]\n\n");
    const rest: string[] = [];
    for (let next = await reader.next(); !next.done; next = await reader.next()) rest.push(next.value.type);
    expect([[...seen], rest]).toEqual([["keep-alive"], expect.arrayContaining(["start", "text-delta", "finish"])]);
  });

  test("F27 is left after firstTokenMs, which comments do not feed", async () => {
    const { clock, reader, comment, stream } = await minutesOfComments({ firstTokenMs: 600_000 });
    for (let count = 0; count < 119; count += 1) {
      await comment();
      clock.advance(5_000);
    }
    await comment();
    const ending = rejection(reader.next());
    clock.advance(5_000);
    expect(await ending).toMatchObject({ code: "timeout", phase: "first_token" });
    expect((await rejection(stream.result)).code).toBe("timeout");
  });
});

test("F29 an answer of one byte a second is whole in the end, however long it takes", async () => {
  const finish = { choices: [{ delta: {}, finish_reason: "stop" }] };
  const bytes = Buffer.from([textChunk("é"), finish].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));
  const opened = Promise.withResolvers<ServerResponse>();
  let passed = 0;
  const tapped: FetchLike = async (input, init) => {
    const response = await fetch(input, init as RequestInit);
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        passed += piece.length;
        controller.enqueue(piece);
      },
    });
    return new Response(response.body?.pipeThrough(counting), response);
  };
  const { llm, clock } = await upstream(
    (_seen, response) => {
      events(response);
      opened.resolve(response);
    },
    { fetch: tapped, timeouts: { idleMs: 1_500 }, retry: false },
  );
  const { result } = llm.stream({ prompt: "x" });
  const response = await opened.promise;
  for (const [index] of bytes.entries()) {
    response.write(bytes.subarray(index, index + 1));
    while (passed <= index) await turnOfTheLoop();
    await turnOfTheLoop();
    clock.advance(1_000);
  }
  response.end();
  expect(await result).toMatchObject({ text: "é", timing: { totalMs: bytes.length * 1_000 } });
});
