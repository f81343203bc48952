import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatBody } from "../messages/chat-body.js";
import { type AskedFor, cacheKey, canonicalJson } from "./cache-key.js";

const asked = (body: Record<string, unknown> = {}, rest: Partial<AskedFor> = {}): AskedFor => ({
  body: { model: "openai/gpt-4o", messages: [{ role: "user", content: "hi" }], ...body } as ChatBody,
  headers: undefined,
  providerName: "openrouter",
  baseURL: "https://openrouter.ai/api/v1",
  account: "0123456789abcdef",
  isJudged: false,
  ...rest,
});

/** The same value with the keys of every object in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  );
}

const names = fc.constantFrom("temperature", "tools", "provider", "stop", "response_format", "reasoning", "x_own", "n");

describe("the key of an answer", () => {
  test("does not depend on the order of keys, however deep", () => {
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (fields) => {
        const given = asked(fields);
        expect(cacheKey({ ...given, body: turned(given.body) as ChatBody })).toBe(cacheKey(given));
      }),
    );
  });

  test("is another one for every other field, value and order of a list", () => {
    fc.assert(
      fc.property(names, fc.jsonValue(), fc.jsonValue(), (name, one, other) => {
        const isSame = canonicalJson(one) === canonicalJson(other);
        expect(cacheKey(asked({ [name]: one })) === cacheKey(asked({ [name]: other }))).toBe(isSame);
        expect(cacheKey(asked({ [name]: one }))).not.toBe(cacheKey(asked()));
      }),
    );
  });

  test("is another one for each text of a message", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
        const key = (content: string) => cacheKey(asked({ messages: [{ role: "user", content }] }));
        // Half of a character has no bytes of its own and goes out as the sign for that.
        const isSame = one.toWellFormed() === other.toWellFormed();
        expect(key(one) === key(other)).toBe(isSame);
      }),
    );
  });

  test.each([
    [{ stream: true }],
    [{ stream_options: { include_usage: true } }],
    [{ usage: { include: true } }],
    [{ user: "ann" }],
    [{ metadata: { a: "b" } }],
    [{ session_id: "s" }],
    [{ trace: { trace_id: "t" } }],
    [{ cache_control: { type: "ephemeral" } }],
    [{ prompt_cache_key: "k" }],
  ])("does not depend on who asks, or how: %j", (fields) => {
    expect(cacheKey(asked(fields))).toBe(cacheKey(asked()));
  });

  test.each<[Partial<AskedFor>]>([
    [{ providerName: "custom" }],
    [{ baseURL: "https://eu.openrouter.ai/api/v1" }],
    [{ baseURL: undefined }],
    [{ account: "fedcba9876543210" }],
    [{ isJudged: true }],
    [{ headers: { "x-anthropic-beta": "interleaved-thinking" } }],
    [{ headers: { "x-tenant": "a" } }],
  ])("depends on where it is asked, with which key and headers: %j", (rest) => {
    expect(cacheKey(asked({}, rest))).not.toBe(cacheKey(asked()));
  });

  test("does not depend on how headers are written, nor on those that only trace", () => {
    const key = (headers: Record<string, string>) => cacheKey(asked({}, { headers }));
    expect(key({ "X-Tenant": "a", traceparent: "00-1", "X-Session-Id": "s", "X-Title": "Deck" })).toBe(
      key({ "x-tenant": "a" }),
    );
  });

  test("of what is held to a schema does not depend on the plugin that mends JSON; any other plugin counts", () => {
    const key = (plugins: object[] | undefined) => cacheKey(asked({ plugins }, { isJudged: true }));
    const [healing, parser] = [{ id: "response-healing" }, { id: "file-parser" }];
    expect([key([healing]), key([healing, parser])]).toEqual([key(undefined), key([parser])]);
    expect(key([parser])).not.toBe(key(undefined));
    expect(cacheKey(asked({ plugins: [healing] }))).not.toBe(cacheKey(asked()));
  });

  test("tells nothing of the prompt", () => {
    expect(cacheKey(asked())).toMatch(/^[0-9a-f]{64}$/);
  });
});
