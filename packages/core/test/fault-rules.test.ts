import { getEventListeners } from "node:events";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { type LLMClient, LLMError, type RetryOptions, tool } from "../src/index.js";
import type { ManualClock } from "./manual-clock.js";
import { settle } from "./raw-upstream.js";
import { answering, errorBody, refused } from "./refusals.js";
import { rejection } from "./rejection.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

const finish = (word: string, more: object = {}) => ({
  choices: [{ index: 0, delta: {}, finish_reason: word, ...more }],
});
const body = (...chunks: object[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
const DONE = "data: [DONE]\n\n";
const SSE = { "content-type": "text/event-stream" };

describe("R1 an answer counts only where its end was seen", () => {
  const ask = {
    "a stream": (llm: LLMClient) => llm.stream({ prompt: "x" }).result,
    "a call that is answered with a stream": (llm: LLMClient) => llm.generate({ prompt: "x" }),
  };
  test.each(Object.keys(ask) as (keyof typeof ask)[])("%s", async (kind) => {
    const outcome = async (text: string) => {
      const { llm } = await answering([{ body: text, headers: SSE }], { retry: false });
      return ask[kind](llm).then(
        ({ finishReason }) => finishReason,
        (error: LLMError) => error.code,
      );
    };
    const half = body(textChunk("half"));
    expect([await outcome(half + body(finish("stop"))), await outcome(half + DONE), await outcome(half)]).toEqual([
      "stop",
      "unknown",
      "stream_truncated",
    ]);
  });
});

test("R2 an error says what, whose, where and how often, and shows neither key nor prompt", async () => {
  const metadata = {
    provider_name: "Acme",
    raw: "the model is on fire, sk-or-v1-canary",
    error_type: "provider_unavailable",
  };
  const [error] = await refused({
    status: 502,
    headers: { "x-generation-id": "gen-9", "retry-after": "0" },
    body: errorBody({ code: 502, metadata }),
  });
  expect(error).toMatchObject({
    ...{ code: "provider_error", status: 502, servedBy: "Acme", model: "acme/one", generationId: "gen-9" },
    ...{ retryable: true, retryAfterMs: 0, upstream: { status: 502, code: 502, type: "provider_unavailable" } },
  });
  expect(error.detail).toBe("the model is on fire, [redacted] (Acme)");
  expect(error.attempts.map(({ number, status, code }) => [number, status, code])).toEqual(
    [1, 2, 3].map((number) => [number, 502, "provider_error"]),
  );
  expect(`${inspect(error, { depth: 10 })}${JSON.stringify(error)}${error.stack}`).not.toContain("canary");
});

test.each<[string, object, string]>([
  [
    "the top before the choice",
    { error: { code: 402, message: "a" }, choices: [{ error: { code: 429, message: "b" } }] },
    "insufficient_credits",
  ],
  [
    "the choice before the finish word",
    { choices: [{ error: { code: 429, message: "b" }, finish_reason: "error" }] },
    "rate_limit",
  ],
  [
    "the finish word before a good status",
    { choices: [{ message: { content: "x" }, finish_reason: "error" }] },
    "provider_error",
  ],
])("R3 an error is looked for in every answer, %s", async (_order, answer, code) => {
  const [error] = await refused({ body: answer }, { retry: false });
  const streamed = await answering([{ body: body(textChunk("half"), answer) + DONE, headers: SSE }], { retry: false });
  const late = await rejection(streamed.llm.stream({ prompt: "x" }).result);
  expect([error.code, late.code, late.partial?.text?.startsWith("half")]).toEqual([code, code, true]);
});

test("R4 a first event that is an error is tried again, one behind a delta is not", async () => {
  const asked = async (first: string) => {
    const { llm, clock, requests } = await upstream((_seen, response, count) => {
      response.writeHead(200, SSE).end(count === 1 ? first : body(textChunk("fine"), finish("stop")) + DONE);
    });
    clock.fixedRandom = 0;
    const ending = llm.stream({ prompt: "x" }).result.then(
      ({ text }) => text,
      (error: LLMError) => [error.code, error.retryable],
    );
    return [await settle(ending, clock), requests.length];
  };
  const failure = body({ error: { code: 503, message: "busy" } });
  expect(await asked(failure)).toEqual(["fine", 2]);
  expect(await asked(body(textChunk("half")) + failure)).toEqual([["provider_overloaded", false], 1]);
});

describe("R5 the wait before another try", () => {
  const waits = async (randoms: number[], retry: RetryOptions, headers: Record<string, string> = {}) => {
    const { llm, clock } = await answering([{ status: 503, headers, body: errorBody({ code: 503 }) }], { retry });
    clock.randoms.push(...randoms);
    const told: number[] = [];
    llm.on("retry", ({ delayMs }) => {
      told.push(delayMs);
      queueMicrotask(() => clock.advance(delayMs));
    });
    const error = await settle(rejection(llm.generate({ prompt: "x" })), clock);
    return { told, attempts: error.attempts.length, retryAfterMs: error.retryAfterMs };
  };

  test("is anywhere between nothing and a doubling bound that has an end", async () => {
    const retry = { maxRetries: 6, baseDelayMs: 500, maxDelayMs: 8_000, maxTotalMs: 0x7fffffff };
    expect((await waits([0, 0, 0, 0, 0, 0], retry)).told).toEqual([0, 0, 0, 0, 0, 0]);
    expect((await waits([0.5, 0.25, 0.5, 0.5, 0.5, 0.5], retry)).told).toEqual([250, 250, 1_000, 2_000, 4_000, 4_000]);
  });

  test("is never shorter than upstream asks, and never longer for it", async () => {
    const retry = { maxRetries: 2 };
    expect((await waits([0.5, 0.5], retry, { "retry-after": "1" })).told).toEqual([1_000, 1_000]);
    expect((await waits([0.5, 0.9], { ...retry, baseDelayMs: 4_000 }, { "retry-after": "1" })).told).toEqual([
      2_000, 7_200,
    ]);
  });

  test("ends where all waits together would be too long, with upstream's hint on the error", async () => {
    const { told, attempts, retryAfterMs } = await waits([0, 0, 0], { maxRetries: 9 }, { "retry-after": "12" });
    expect([told, attempts, retryAfterMs]).toEqual([[12_000, 12_000], 3, 12_000]);
  });
});

test("R6 a call that was cut is never executed, and ends the turn as length", async () => {
  const cut = (more: object) => ({
    choices: [
      {
        message: { tool_calls: [{ id: "1", type: "function", function: { name: "pay", arguments: '{"to":"me"' } }] },
        ...more,
      },
    ],
  });
  let executed = 0;
  const parameters = { type: "object", properties: { to: { type: "string" } } };
  const pay = tool({ name: "pay", description: "Pays.", parameters, execute: () => ++executed });
  const words = [
    { finish_reason: "tool_calls", native_finish_reason: "max_output_tokens" },
    { finish_reason: "tool_calls", native_finish_reason: "MAX_TOKENS" },
    { finish_reason: "length" },
  ];
  const outcomes: unknown[] = [];
  for (const word of words) {
    const { llm } = await answering([{ body: cut(word) }]);
    const outcome = await llm.generate({ prompt: "x", tools: [pay] }).catch((error: LLMError) => error.code);
    outcomes.push(
      typeof outcome === "string"
        ? outcome
        : [outcome.finishReason, outcome.toolCalls.map((call) => [call.invalid, "arguments" in call])],
    );
  }
  expect(outcomes).toEqual(words.map(() => ["length", [[true, false]]]));
  expect(executed).toBe(0);
});

test("R7 every byte feeds the idle clock, and only a delta ends the first-token clock", async () => {
  const { llm, clock } = await upstream(
    (_seen, response) => {
      events(response);
      opened.resolve(response);
    },
    { retry: false, timeouts: { idleMs: 10_000, firstTokenMs: 25_000 } },
  );
  const opened = Promise.withResolvers<Parameters<typeof events>[0]>();
  const reader = llm.stream({ prompt: "x" }).events[Symbol.asyncIterator]();
  const first = reader.next();
  const response = await opened.promise;
  response.write(": one\n\n");
  const types = [(await first).value?.type];
  for (const [wait, part] of [
    [9_999, ": two\n\n"],
    [9_999, ": three\n\n"],
  ] as const) {
    clock.advance(wait);
    response.write(part);
    // An ended clock throws here.
    types.push(
      await reader.next().then(
        ({ value }) => value?.type,
        (error: LLMError) => error.phase,
      ),
    );
  }
  const last = rejection(reader.next());
  clock.advance(5_002);
  expect([types, (await last).phase]).toEqual([["keep-alive", "keep-alive", "keep-alive"], "first_token"]);
});

describe("R8 there is one retry loop, and off is off", () => {
  /** What happens first: the call ends, or it begins to wait for another try. */
  const firstOf = (work: Promise<LLMError>, clock: ManualClock) =>
    Promise.race([
      work.then(({ attempts }) => attempts.length),
      clock.until((waits) => waits.includes(250)).then(() => "waits"),
    ]);

  test.each([
    ["false", false as const],
    ["no retries", { maxRetries: 0 }],
  ])("%s is exactly one request, on every road", async (_what, retry) => {
    const { llm, clock, requests } = await answering([{ status: 503, body: errorBody({ code: 503 }) }]);
    clock.fixedRandom = 0.5;
    expect(await firstOf(rejection(llm.generate({ prompt: "x", retry })), clock)).toBe(1);
    expect(await firstOf(rejection(llm.stream({ prompt: "x", retry }).result), clock)).toBe(1);
    expect(await firstOf(rejection(llm.scope({ retry }).embed({ input: "x" })), clock)).toBe(1);
    expect(requests).toHaveLength(3);
  });

  test("a number is that many and not one more", async () => {
    const { llm, clock, requests } = await answering([{ status: 503, body: errorBody({ code: 503 }) }]);
    for (const maxRetries of [1, 4]) {
      const error = await settle(rejection(llm.generate({ prompt: "x", retry: { maxRetries } })), clock);
      expect(error.attempts).toHaveLength(maxRetries + 1);
    }
    expect(requests).toHaveLength(2 + 5);
  });
});

test("R9 what is new passes through, and what nobody reads is not checked", async () => {
  const strange = {
    ...{ id: 7, object: null, created: "today", model: ["x"], system_fingerprint: {}, service_tier: 3 },
    choices: [
      {
        ...{ index: 0, finish_reason: "paused_for_tea", logprobs: -0.5, mood: "calm" },
        message: {
          content: "hi",
          role: "oracle",
          annotations: [{ type: "footnote", n: 1 }],
          reasoning_details: [{ type: "reasoning.new" }],
        },
      },
    ],
    usage: { prompt_tokens: "3", extra: { deep: [1] } },
  };
  const { llm } = await answering([{ body: strange }]);
  const result = await llm.generate({ prompt: "x" });
  expect(result).toMatchObject({
    text: "hi",
    finishReason: "unknown",
    rawFinishReason: "paused_for_tea",
    raw: strange,
  });
  expect([result.annotations, result.message.reasoning_details]).toEqual([
    [{ type: "footnote", n: 1 }],
    [{ type: "reasoning.new" }],
  ]);
});

test("R10 cancelling closes the socket, leaves no timer and no listener, and keeps what had come", async () => {
  const controller = new AbortController();
  const closed = Promise.withResolvers<void>();
  const { llm, clock } = await upstream(
    (_seen, response) => {
      response.on("close", () => closed.resolve());
      events(response, textChunk("half"));
    },
    { provider: "custom", model: "m" },
  );
  const stream = llm.stream({ prompt: "x", signal: controller.signal });
  const reader = stream[Symbol.asyncIterator]();
  expect((await reader.next()).value).toBe("half");
  controller.abort("enough");
  const error = await rejection(stream.result);
  await closed.promise;
  expect([error.code, error.cause, error.partial?.text]).toEqual(["aborted", "enough", "half"]);
  expect([clock.pending, getEventListeners(controller.signal, "abort")]).toEqual([[], []]);
});

test("R10 a signal that outlives its calls collects no listeners", async () => {
  const { signal } = new AbortController();
  const { llm, clock } = await upstream((_seen, response, count) =>
    count % 2 === 0 ? json(response, 500, {}) : json(response, 200, completion),
  );
  clock.fixedRandom = 0;
  for (let call = 0; call < 12; call += 1) await settle(llm.generate({ prompt: "x", signal }), clock);
  await rejection(llm.scope({ signal }).generate({ messages: [] }));
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("R2 every error that a call can end in is one of the family", async () => {
  const { llm } = await upstream((_seen, response) => response.writeHead(599).end("?"), { retry: false });
  const thrown = await Promise.all(
    [llm.generate({ prompt: "x" }), llm.stream({ prompt: "x" }).result, llm.generate({ prompt: "" } as never)].map(
      (work) => work.catch((error: unknown) => error),
    ),
  );
  expect(thrown.map((error) => LLMError.is(error))).toEqual([true, true, true]);
});
