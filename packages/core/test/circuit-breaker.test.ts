import { describe, expect, test } from "vitest";
import type { LLMClientOptions, Warning } from "../src/index.js";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { type Answer, completion, events, json, post, textChunk, upstream } from "./upstream.js";

const MODEL = "openai/gpt-4o";
const busy: Answer = (_seen, response) => json(response, 503, { error: { message: "busy" } });
const whole: Answer = (_seen, response) => json(response, 200, completion);

/** A client whose circuits open after two failures, and an upstream whose answers a test writes, the last for good. */
async function guarded(answers: readonly Answer[], options: LLMClientOptions = {}) {
  const client = await upstream(
    (seen, response, count) => answers[Math.min(count, answers.length) - 1]?.(seen, response, count),
    {
      breaker: { failures: 2, halfOpenAfterMs: 1_000 },
      retry: false,
      ...options,
    },
  );
  const warnings: Warning[] = [];
  client.llm.on("warning", ({ code, message }) => void warnings.push({ code, message }));
  const generate = (model = MODEL, more: object = {}) => client.llm.generate({ model, prompt: "x", ...more });
  return { ...client, warnings, generate, codes: () => warnings.map(({ code }) => code) };
}

describe("a client with a breaker", () => {
  test("sends nothing to a model that keeps failing, and says when it will", async () => {
    const { generate, requests, clock, codes } = await guarded([busy]);
    await rejection(generate());
    await rejection(generate());
    clock.advance(400);
    const error = await rejection(generate());
    expect(error).toMatchObject({
      code: "provider_overloaded",
      retryable: true,
      retryAfterMs: 600,
      status: 503,
      model: MODEL,
    });
    expect(error.detail).toContain(`the circuit of ${MODEL} is open`);
    expect(error.attempts).toEqual([]);
    expect(requests).toHaveLength(2);
    expect(codes()).toEqual(["circuit_open"]);
  });

  test("asks again after a while, once, and all again when that is answered", async () => {
    const go = Promise.withResolvers<void>();
    const slow: Answer = async (seen, response, count) => {
      await go.promise;
      whole(seen, response, count);
    };
    const { generate, requests, clock, codes } = await guarded([busy, busy, slow, whole]);
    await rejection(generate());
    await rejection(generate());
    clock.advance(1_000);
    const trial = generate();
    await expect.poll(() => requests.length).toBe(3);
    expect((await rejection(generate())).code).toBe("provider_overloaded");
    expect(requests).toHaveLength(3);
    go.resolve();
    expect((await trial).text).toBe("hi");
    await Promise.all([generate(), generate()]);
    expect(codes()).toEqual(["circuit_open", "circuit_closed"]);
  });

  test("leaves other models alone, and those who name fallbacks", async () => {
    const { generate, requests } = await guarded([busy]);
    await rejection(generate());
    await rejection(generate());
    await rejection(generate("openai/gpt-4o-mini"));
    await rejection(generate(MODEL, { fallbackModels: ["openai/gpt-4o-mini"] }));
    expect(requests).toHaveLength(4);
  });

  test("counts each attempt, and stops repeating once the circuit is open", async () => {
    const { generate, requests, clock } = await guarded([busy], { retry: { maxRetries: 5, baseDelayMs: 100 } });
    const failing = rejection(generate());
    await clock.waiting(50);
    clock.advance(50);
    // The second failure opens the circuit: the third attempt is not sent, and nothing waits for a fourth.
    await clock.waiting(100);
    clock.advance(100);
    const error = await failing;
    expect(error.detail).toContain("circuit");
    expect(error.attempts).toHaveLength(2);
    expect(requests).toHaveLength(2);
  });

  test("counts a stream that breaks before its first token, though its headers came", async () => {
    const cut: Answer = (_seen, response) => {
      events(response, ": OPENROUTER PROCESSING\n\n");
      response.destroy();
    };
    const { llm, requests } = await guarded([cut]);
    for (let time = 0; time < 3; time++) await rejection(llm.stream({ model: MODEL, prompt: "x" }).result);
    expect(requests).toHaveLength(2);
  });

  test("does not count a stream that breaks behind it", async () => {
    const cut: Answer = (_seen, response) => {
      events(response, textChunk("a"));
      response.end();
    };
    const { llm, requests } = await guarded([cut]);
    for (let time = 0; time < 4; time++) await rejection(llm.stream({ model: MODEL, prompt: "x" }).result);
    expect(requests).toHaveLength(4);
  });

  test("does not count what upstream refuses, whom it limits, or who leaves", async () => {
    const status =
      (code: number): Answer =>
      (_seen, response) =>
        json(response, code, { error: { code } });
    const { generate, llm, requests } = await guarded([
      ...[400, 401, 402, 403, 404, 429, 413, 422].map(status),
      (_seen, response) => events(response, ": OPENROUTER PROCESSING\n\n"),
      (_seen, response) => events(response, ": OPENROUTER PROCESSING\n\n"),
      whole,
    ]);
    for (let time = 0; time < 8; time++) await rejection(generate());
    for (let time = 0; time < 2; time++) {
      const leaving = llm.stream({ model: MODEL, prompt: "x" }).events[Symbol.asyncIterator]();
      await leaving.next();
      await leaving.return?.();
    }
    expect((await generate()).text).toBe("hi");
    expect(requests).toHaveLength(11);
  });

  test("tries again at once where whoever tried has left before the first token", async () => {
    const silent: Answer = (_seen, response) => events(response, ": OPENROUTER PROCESSING\n\n");
    const { generate, llm, clock, codes } = await guarded([busy, busy, silent, whole]);
    await rejection(generate());
    await rejection(generate());
    clock.advance(1_000);
    const trial = llm.stream({ model: MODEL, prompt: "x" }).events[Symbol.asyncIterator]();
    await trial.next();
    expect((await rejection(generate())).code).toBe("provider_overloaded");
    await trial.return?.();
    await turnOfTheLoop();
    expect((await generate()).text).toBe("hi");
    expect(codes()).toEqual(["circuit_open", "circuit_closed"]);
  });

  test("guards vectors, and what other SDKs send, which get a response that says when to come again", async () => {
    const { llm, baseURL, requests, clock } = await guarded([busy]);
    const embed = () => rejection(llm.embed({ model: "a/vectors", input: "x" }));
    expect([(await embed()).attempts.length, (await embed()).attempts.length, (await embed()).attempts.length]).toEqual(
      [1, 1, 0],
    );
    const relay = () => llm.fetch(`${baseURL}/chat/completions`, post({ model: MODEL, messages: [] }));
    await (await relay()).text();
    await (await relay()).text();
    clock.advance(1);
    const refused = await relay();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.json()).toMatchObject({ error: { code: "provider_overloaded" } });
    expect(requests).toHaveLength(4);
  });

  test("counts what other SDKs were sent of a stream that broke before its first token", async () => {
    const cut: Answer = (_seen, response) => {
      events(response, ": OPENROUTER PROCESSING\n\n");
      setImmediate(() => response.destroy());
    };
    const { llm, baseURL, requests } = await guarded([cut]);
    const relay = async () => {
      const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model: MODEL, messages: [], stream: true }));
      await answer.text().catch(() => "");
      return answer.status;
    };
    expect([await relay(), await relay(), await relay()]).toEqual([200, 200, 503]);
    expect(requests).toHaveLength(2);
  });

  test("shares its circuits with its children, and is off unless asked for", async () => {
    const { llm, requests } = await guarded([busy]);
    for (let time = 0; time < 3; time++)
      await rejection(llm.scope({ user: `u${time}` }).generate({ model: MODEL, prompt: "x" }));
    expect(requests).toHaveLength(2);
    const without = await guarded([busy], { breaker: undefined });
    for (let time = 0; time < 9; time++) await rejection(without.generate());
    expect(without.requests).toHaveLength(9);
  });
});
