import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { AbortedError, LLMClient } from "../src/index.js";
import { holding, httpLoopback } from "./loopback.js";
import { ManualClock } from "./manual-clock.js";
import { chunked, deltaChunk, rawUpstream, STREAM_HEAD, settle, wholeAnswer } from "./raw-upstream.js";
import { rejection } from "./rejection.js";
import { events, textChunk, upstream } from "./upstream.js";

const FINISH = chunked('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');

describe("before the first token", () => {
  test("F20 a server that resets every connection is asked three times, each attempt counted", async () => {
    const { llm, clock, requests } = await rawUpstream((socket) => socket.resetAndDestroy());
    const error = await settle(rejection(llm.generate({ prompt: "x" })), clock);
    expect(error).toMatchObject({ code: "connection", phase: "before_headers", retryable: true });
    expect([requests.length, error.attempts.map(({ number, code }) => [number, code])]).toEqual([
      3,
      [1, 2, 3].map((number) => [number, "connection"]),
    ]);
  });

  test("F20 a refused connection is tried again as well", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, "close");
    const clock = new ManualClock();
    clock.fixedRandom = 0;
    const llm = new LLMClient({ apiKey: "k-canary", baseURL: `http://127.0.0.1:${port}`, env: false, clock });
    const error = await settle(rejection(llm.generate({ prompt: "x" })), clock);
    expect([error.code, error.attempts.length]).toEqual(["connection", 3]);
  });

  test("F21 a reset behind the headers and two comments is made good by a second request", async () => {
    const { llm, clock, requests } = await rawUpstream((socket, count) => {
      if (count > 1) return void socket.write(`${STREAM_HEAD}${deltaChunk("whole")}${FINISH}0\r\n\r\n`);
      socket.write(`${STREAM_HEAD}${chunked(": one\n\n")}${chunked(": two\n\n")}`, () => socket.resetAndDestroy());
    });
    const result = await settle(llm.stream({ prompt: "x" }).result, clock);
    expect([result.text, requests.length, result.attempts.map(({ code }) => code)]).toEqual([
      "whole",
      2,
      ["stream_truncated", undefined],
    ]);
  });

  test.each([
    ["EAI_AGAIN", 3, true],
    ["ENOTFOUND", 1, false],
  ])("F37 a name that cannot be resolved (%s) costs %i attempts", async (code, attempts, retryable) => {
    const clock = new ManualClock();
    clock.fixedRandom = 0;
    let calls = 0;
    const fetch = () => {
      calls += 1;
      return Promise.reject(
        new TypeError("fetch failed", { cause: Object.assign(new Error("getaddrinfo"), { code }) }),
      );
    };
    const llm = new LLMClient({ apiKey: "k-canary", baseURL: "http://upstream.invalid", env: false, clock, fetch });
    const error = await settle(rejection(llm.generate({ prompt: "x" })), clock);
    expect(error).toMatchObject({ code: "connection", retryable, cause: { code } });
    expect([calls, error.attempts.length]).toEqual([attempts, attempts]);
  });
});

describe("after the first token", () => {
  const cutAfter = (end: (socket: Socket) => void) =>
    rawUpstream((socket) =>
      socket.write(`${STREAM_HEAD}${deltaChunk("one ")}${deltaChunk("two ")}${deltaChunk("three")}`, () => end(socket)),
    );

  test.each([
    ["F22 a reset", (socket: Socket) => socket.resetAndDestroy()],
    ["F23 a clean end without the last HTTP chunk", (socket: Socket) => socket.end()],
  ])("%s keeps what had come, is told once, and asks for nothing twice", async (_what, end) => {
    const { llm, clock, requests } = await cutAfter(end);
    const stream = llm.stream({ prompt: "x" });
    const texts: string[] = [];
    const reading = rejection(
      (async () => {
        for await (const text of stream) texts.push(text);
      })(),
    );
    const error = await settle(reading, clock);
    expect(error).toMatchObject({
      code: "stream_truncated",
      phase: "streaming",
      retryable: false,
      generationId: "gen-head",
    });
    expect([error.partial?.text, texts.join(""), requests.length]).toEqual(["one two three", "one two three", 1]);
    expect(await rejection(stream.result)).toBe(error);
  });

  test("F24 an answer that is shorter than it said is a cut one, not a short one", async () => {
    const { llm, clock, requests } = await rawUpstream((socket) =>
      socket.end(wholeAnswer().replace(/content-length: \d+/, "content-length: 4000")),
    );
    const error = await settle(rejection(llm.generate({ prompt: "x" })), clock);
    expect([error.code, requests.length]).toEqual(["stream_truncated", 3]);
  });

  test("F26 silence behind two deltas ends with the idle clock, not with another request", async () => {
    const { llm, clock, requests } = await upstream((_seen, response) =>
      events(response, textChunk("one "), textChunk("two")),
    );
    const stream = llm.stream({ prompt: "x" });
    const texts: string[] = [];
    const reading = rejection(
      (async () => {
        for await (const text of stream) {
          texts.push(text);
          if (texts.join("") === "one two") queueMicrotask(() => clock.advance(60_000));
        }
      })(),
    );
    const error = await reading;
    expect(error).toMatchObject({ code: "timeout", phase: "idle", retryable: false, generationId: "gen-1" });
    expect([error.partial?.text, requests.length]).toEqual(["one two", 1]);
  });
});

describe("a caller that has enough", () => {
  test("F31 a signal that has fired sends nothing; one that fires at once closes what was sent", async () => {
    const { listener, next } = holding();
    const { url, sockets } = await httpLoopback(listener);
    const llm = new LLMClient({ apiKey: "k-canary", baseURL: url, env: false, clock: new ManualClock() });
    const before = await rejection(llm.generate({ prompt: "x", signal: AbortSignal.abort("before") }));
    expect([before.code, before.cause, before.attempts, sockets.length]).toEqual(["aborted", "before", [], 0]);
    const controller = new AbortController();
    const failing = rejection(llm.generate({ prompt: "x", signal: controller.signal }));
    const held = await next();
    controller.abort("after");
    const error = await failing;
    await held.closed;
    expect([error.code, error.name, error.cause, error.attempts.length]).toEqual(["aborted", "AbortError", "after", 1]);
    await llm.close();
  });

  test.each(["signal", "abort()"] as const)(
    "F32 %s in the middle throws, keeps the text and closes upstream",
    async (how) => {
      const { listener, next } = holding();
      const { url } = await httpLoopback(listener);
      const llm = new LLMClient({ apiKey: "k-canary", baseURL: url, env: false, clock: new ManualClock() });
      const controller = new AbortController();
      const stream = llm.stream({ prompt: "x", signal: controller.signal });
      const reader = stream[Symbol.asyncIterator]();
      const first = reader.next();
      const held = await next();
      events(held.response, textChunk("one"));
      expect((await first).value).toBe("one");
      const second = reader.next();
      if (how === "signal") controller.abort("enough");
      else stream.abort("enough");
      const error = await rejection(second);
      await held.closed;
      expect(AbortedError.is(error) && [error.cause, error.partial?.text, error.retryable]).toEqual([
        "enough",
        "one",
        false,
      ]);
      await llm.close();
    },
  );

  test("F33 leaving the loop closes upstream, and does not throw", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const clock = new ManualClock();
    const llm = new LLMClient({ provider: "custom", model: "m", baseURL: url, env: false, clock });
    const texts: string[] = [];
    const reading = (async () => {
      for await (const text of llm.stream({ prompt: "x" })) {
        texts.push(text);
        break;
      }
    })();
    const held = await next();
    events(held.response, textChunk("one"), textChunk("two"));
    await reading;
    await held.closed;
    expect([texts, clock.pending]).toEqual([["one"], []]);
    await llm.close();
  });

  test("F34 a stream that nobody reads is closed by the idle clock and leaves no timer", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const clock = new ManualClock();
    const llm = new LLMClient({ apiKey: "k-canary", baseURL: url, env: false, clock });
    llm.stream({ prompt: "x" });
    const held = await next();
    events(held.response, textChunk("one"));
    clock.advance(60_000);
    await held.closed;
    expect(clock.pending).toEqual([]);
    await llm.close();
  });
});

test.each([
  ["is replaced, unseen", { maxRetries: 1 }, 3, "fine"],
  ["is told: the request may have run", { maxRetries: 0 }, 2, "connection"],
  ["is told: the request may have run", false as const, 2, "connection"],
])(
  "F40 a kept connection that the server closes as it is used again %s (retry: %j)",
  async (_what, retry, asked, end) => {
    const { llm, requests, sockets } = await rawUpstream((socket, count) => {
      if (count === 2) socket.resetAndDestroy();
      else socket.write(wholeAnswer());
    });
    await llm.generate({ prompt: "first" });
    const second = llm.generate({ prompt: "second", retry });
    expect(
      await second.then(
        ({ text, attempts }) => [text, attempts.length],
        ({ code, attempts }) => [code, attempts.length],
      ),
    ).toEqual([end, 1]);
    expect([requests.length, sockets.length]).toEqual([asked, asked - 1]);
  },
);

test("F42 a wall clock that jumps an hour, either way, changes no wait", async () => {
  const { llm, clock } = await upstream((_seen, response) => response.writeHead(503, { "retry-after": "7" }).end("{}"));
  const failing = rejection(llm.generate({ prompt: "x", retry: { maxRetries: 1 } }));
  await clock.waiting(7_000);
  for (const hour of [3_600_000, -7_200_000]) clock.jump(hour);
  clock.advance(6_999);
  expect(clock.pending).toEqual([1]);
  clock.advance(1);
  expect((await failing).attempts.map(({ waitedMs, durationMs }) => [waitedMs, durationMs])).toEqual([
    [7_000, 0],
    [undefined, 0],
  ]);
});
