import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ChatBody, ChatChunk } from "../src/messages/chat-body.js";
import type { LLMProvider } from "../src/provider/llm-provider.js";
import { rejection } from "./rejection.js";

/** What the model behind a provider does with the next call. */
export type ContractReply =
  /** Answers with a whole completion. */
  | { kind: "answer"; body: object }
  /** Streams chunks, then ends with `[DONE]`, is cut, or stays open. */
  | { kind: "stream"; chunks: object[]; end: "done" | "cut" | "open" }
  /** Refuses with an HTTP status and an error body. */
  | { kind: "refuse"; status: number; body: object; headers?: Record<string, string> }
  /** Never answers. */
  | { kind: "silence" };

/** A provider with a model behind it that a test commands. */
export interface ContractHarness {
  provider: LLMProvider;
  /** Says what happens to the next call. */
  reply(reply: ContractReply): void;
  /** How many calls reached the model. */
  calls(): number;
  /** Resolves once one more call has reached the model. */
  called(): Promise<void>;
  close(): Promise<void>;
}

const text = (content: string): ChatChunk => ({ choices: [{ index: 0, delta: { content } }] });
const body: ChatBody = { model: "acme/test-1", messages: [{ role: "user", content: "Say hello." }], temperature: 0 };
const completion = {
  id: "gen-1",
  model: "acme/test-1",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }],
};
const limited = {
  kind: "refuse",
  status: 429,
  body: { error: { code: 429, message: "slow" } },
  headers: { "retry-after": "7" },
} as const;

/**
 * What every implementation of the provider port keeps, with whatever stands behind it.
 *
 * @param inProcess - no wire lies between model and provider: no pull of a stream ever waits, and a failure is thrown,
 * never written into an answer
 */
export function describeProviderContract(
  name: string,
  open: () => Promise<ContractHarness>,
  { inProcess = false }: { inProcess?: boolean } = {},
): void {
  describe(`provider contract: ${name}`, () => {
    let harness: ContractHarness;
    let provider: LLMProvider;
    beforeEach(async () => {
      harness = await open();
      ({ provider } = harness);
    });
    afterEach(() => harness.close());
    const testOnWire: (name: string, body: () => Promise<void>) => void = inProcess ? () => {} : test;

    test("has a name", () => {
      expect(provider.name).toMatch(/^\S+$/);
    });

    test("chat gives the whole answer, and leaves the body as it was", async () => {
      harness.reply({ kind: "answer", body: completion });
      const frozen = Object.freeze({ ...body, messages: Object.freeze(body.messages) as ChatBody["messages"] });
      const answer = await provider.chat(frozen, { apiKey: "test-key" });
      expect(answer.body.choices?.[0]).toMatchObject({ message: { content: "Hello." }, finish_reason: "stop" });
    });

    test("chat rejects with an LLMError of the right code, after one attempt", async () => {
      harness.reply(limited);
      const error = await rejection(provider.chat(body, {}));
      expect([error.code, error.status, error.retryable, error.retryAfterMs, harness.calls()]).toEqual([
        "rate_limit",
        429,
        true,
        7_000,
        1,
      ]);
    });

    test("F61 chat rejects for an error in place of an answer", async () => {
      harness.reply({ kind: "answer", body: { error: { code: 503, message: "busy" } } });
      expect((await rejection(provider.chat(body, {}))).code).toBe("provider_overloaded");
    });

    testOnWire("F72 chat hands over an answer that holds text and an error", async () => {
      const broken = {
        ...completion,
        choices: [{ ...completion.choices[0], finish_reason: null, error: { code: 502, message: "broke" } }],
      };
      harness.reply({ kind: "answer", body: broken });
      expect((await provider.chat(body, {})).body.choices?.[0]).toMatchObject({
        message: { content: "Hello." },
        error: { code: 502 },
      });
    });

    test("chatStream resolves before there is a chunk", async () => {
      harness.reply({ kind: "stream", chunks: [], end: "open" });
      const stream = await provider.chatStream(body, {});
      expect(stream.done).toBe(false);
      stream.close();
    });

    test("chatStream yields the chunks in order, in arrays, and knows its end", async () => {
      const usage = { prompt_tokens: 3 };
      const last = { choices: [{ index: 0, delta: { content: "" }, finish_reason: "stop" }], usage };
      const chunks = [text("Hel"), text("lo."), last, ...(inProcess ? [] : [{ choices: [], usage }])];
      harness.reply({ kind: "stream", chunks, end: "done" });
      const stream = await provider.chatStream(body, {});
      const batches: ChatChunk[][] = [];
      for await (const batch of stream) batches.push(batch);
      expect(batches.every(Array.isArray)).toBe(true);
      expect(batches.flat()).toMatchObject(chunks);
      expect(stream.done).toBe(true);
    });

    test("F11 a cut stream does not look like a whole one", async () => {
      harness.reply({ kind: "stream", chunks: [text("Hel")], end: "cut" });
      const stream = await provider.chatStream(body, {});
      const seen: ChatChunk[] = [];
      const outcome = (async () => {
        for await (const batch of stream) seen.push(...batch);
      })();
      await outcome.catch((error) => expect(error).toMatchObject({ code: "stream_truncated" }));
      expect([stream.done, seen.length]).toEqual([false, 1]);
    });

    test("chatStream rejects where the model refuses", async () => {
      harness.reply({ kind: "refuse", status: 401, body: { error: { code: 401, message: "No." } } });
      const error = await rejection(provider.chatStream(body, {}));
      expect([error.code, error.detail, error.retryable]).toEqual(["authentication", "invalid API key", false]);
    });

    testOnWire("F68 an error inside a chunk arrives as that chunk, with what stands beside it", async () => {
      const last = {
        choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
        error: { code: 502, message: "broke" },
        usage: { prompt_tokens: 3 },
      };
      harness.reply({ kind: "stream", chunks: [text("Hel"), last], end: "done" });
      const chunks: ChatChunk[] = [];
      for await (const batch of await provider.chatStream(body, {})) chunks.push(...batch);
      expect(chunks).toMatchObject([text("Hel"), last]);
    });

    test("F31 a signal that has fired reaches no model", async () => {
      const call = { signal: AbortSignal.abort("no") };
      const errors = [await rejection(provider.chat(body, call)), await rejection(provider.chatStream(body, call))];
      expect(errors.map(({ code, cause }) => [code, cause])).toEqual([
        ["aborted", "no"],
        ["aborted", "no"],
      ]);
      expect(harness.calls()).toBe(0);
    });

    test.each(["chat", "chatStream"] as const)(
      "F31 an abort while %s waits rejects with its reason",
      async (method) => {
        harness.reply({ kind: "silence" });
        const controller = new AbortController();
        const called = harness.called();
        const failing = rejection(provider[method](body, { signal: controller.signal }));
        await called;
        controller.abort("enough");
        const error = await failing;
        expect([error.code, error.name, error.cause]).toEqual(["aborted", "AbortError", "enough"]);
      },
    );

    testOnWire("F32 an abort during the stream rejects the pull that waits", async () => {
      harness.reply({ kind: "stream", chunks: [text("Hel")], end: "open" });
      const controller = new AbortController();
      const stream = await provider.chatStream(body, { signal: controller.signal });
      const reader = stream[Symbol.asyncIterator]();
      expect((await reader.next()).value).toMatchObject([text("Hel")]);
      const failing = rejection(reader.next());
      controller.abort("enough");
      expect(await failing).toMatchObject({ code: "aborted", cause: "enough" });
    });

    testOnWire("close() may be called twice, and ends the stream without an error", async () => {
      harness.reply({ kind: "stream", chunks: [text("Hel")], end: "open" });
      const stream = await provider.chatStream(body, {});
      const reader = stream[Symbol.asyncIterator]();
      await reader.next();
      const waiting = reader.next();
      stream.close();
      stream.close();
      expect([(await waiting).done, (await reader.next()).done]).toEqual([true, true]);
    });

    test("F33 leaving the loop closes the stream", async () => {
      harness.reply({ kind: "stream", chunks: [text("Hel")], end: "open" });
      const stream = await provider.chatStream(body, {});
      for await (const batch of stream) {
        expect(batch).toMatchObject([text("Hel")]);
        break;
      }
      expect((await stream[Symbol.asyncIterator]().next()).done).toBe(true);
    });
  });
}
