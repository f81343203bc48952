import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import type { LLMClientOptions } from "../src/index.js";
import { rejection } from "./rejection.js";
import { events, post, textChunk, upstream } from "./upstream.js";

/** A relayed stream whose bytes the test writes and reads one after the other. */
async function relay(timeouts: LLMClientOptions["timeouts"]) {
  const opened = Promise.withResolvers<ServerResponse>();
  const { llm, clock, baseURL } = await upstream(
    (_seen, response) => {
      events(response);
      opened.resolve(response);
    },
    { timeouts, retry: false },
  );
  const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model: "a/b", messages: [], stream: true }));
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const response = await opened.promise;
  const closed = new Promise<void>((resolve) => response.on("close", () => resolve()));
  return {
    clock,
    closed,
    next: () => reader.read(),
    async pass(part: object | string): Promise<string> {
      events(response, part);
      return new TextDecoder().decode((await reader.read()).value);
    },
    end: () => response.end("data: [DONE]\n\n"),
  };
}

test("totalMs: it ends a body that is being read as a timeout, not as an abort, and closes upstream", async () => {
  const { clock, closed, next, pass } = await relay({ totalMs: 200 });
  expect(await pass(": hi\n\n")).toBe(": hi\n\n");
  const reading = rejection(next());
  clock.advance(200);
  expect(await reading).toMatchObject({ code: "timeout", phase: "total" });
  await closed;
});

test("firstTokenMs: keep-alive comments do not feed it; it ends as a timeout, not as an abort", async () => {
  const { clock, closed, next, pass } = await relay({ firstTokenMs: 200 });
  const comment = ": OPENROUTER PROCESSING\n\n";
  expect(await pass(comment)).toBe(comment);
  clock.advance(150);
  expect(await pass(comment)).toBe(comment);
  const reading = rejection(next());
  clock.advance(50);
  expect(await reading).toMatchObject({ code: "timeout", phase: "first_token" });
  await closed;
});

test.each([
  ["text", textChunk("hi")],
  ["a thought", { choices: [{ delta: { reasoning: "hm" } }] }],
  ["a call", { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: "{" } }] } }] }],
])("firstTokenMs: the first delta, of %s, ends it", async (_what, chunk) => {
  const { clock, next, pass, end } = await relay({ firstTokenMs: 200 });
  await pass(chunk);
  clock.advance(10_000);
  end();
  expect(new TextDecoder().decode((await next()).value)).toBe("data: [DONE]\n\n");
  expect((await next()).done).toBe(true);
});

test("idleMs: keep-alive comments feed it; silence ends as a timeout", async () => {
  const { clock, closed, next, pass } = await relay({ idleMs: 200 });
  for (let count = 0; count < 3; count++) {
    await pass(": OPENROUTER PROCESSING\n\n");
    clock.advance(150);
  }
  const reading = rejection(next());
  clock.advance(50);
  expect(await reading).toMatchObject({ code: "timeout", phase: "idle" });
  await closed;
});
