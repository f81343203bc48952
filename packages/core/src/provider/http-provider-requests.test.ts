import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { bodyOf, httpLoopback } from "../../test/loopback.js";
import { CHAT_ANSWER, CHAT_BODY, openProvider } from "../../test/open-provider.js";
import { rejection } from "../../test/rejection.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { OpenRouterProviderOptions } from "./openrouter/openrouter-provider.js";

describe("what is sent", () => {
  async function sent(
    options: OpenRouterProviderOptions,
    call: Parameters<ReturnType<typeof openProvider>["chat"]>[1],
    body = CHAT_BODY,
  ) {
    let seen:
      | { url?: string | undefined; headers: Record<string, unknown>; rawHeaders: string[]; body: string }
      | undefined;
    const { url } = await httpLoopback(async (request, response) => {
      seen = {
        url: request.url,
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body: await bodyOf(request),
      };
      response.end(JSON.stringify(CHAT_ANSWER));
    });
    await openProvider(url, options).chat(body, call);
    if (seen === undefined) throw new Error("nothing was sent");
    return seen;
  }

  test("address, key, titles and the wish for no compression", async () => {
    const { url, headers } = await sent(
      { appName: "Deck", appUrl: "https://deck.example" },
      { apiKey: " sk-or-v1-abc\n", headers: { "X-Mine": "1" } },
    );
    expect(url).toBe("/api/v1/chat/completions");
    expect(headers).toMatchObject({
      authorization: "Bearer sk-or-v1-abc",
      "content-type": "application/json",
      "x-openrouter-title": "Deck",
      "http-referer": "https://deck.example",
      "accept-encoding": "identity",
      "x-mine": "1",
    });
  });

  test("a header of undefined is absent, one of another type is refused before anything is sent", async () => {
    const given = (value: unknown) => ({ headers: { "x-a": value as string } });
    expect((await sent({}, given(undefined))).headers).not.toHaveProperty("x-a");
    expect(await rejection(sent({}, given(7)))).toMatchObject({ code: "invalid_request", retryable: false });
  });

  test("no key, no Authorization header", async () => {
    expect((await sent({}, {})).headers).not.toHaveProperty("authorization");
  });

  test("F84 line ends in a title start no header of their own", async () => {
    const { rawHeaders } = await sent(
      { appName: "a\r\nx-evil: 1", appUrl: `https://日本.example/${"x".repeat(10_000)}` },
      {},
    );
    expect(rawHeaders.map((entry) => entry.toLowerCase())).not.toContain("x-evil");
    expect(rawHeaders).toContain("ax-evil: 1");
  });

  test("fields go out in the order in which they were set, undefined ones not at all", async () => {
    const body = { temperature: 0, model: "m", seed: undefined, messages: [], stream: true, zebra: 1, apple: null };
    expect((await sent({}, {}, body)).body).toBe('{"temperature":0,"model":"m","messages":[],"zebra":1,"apple":null}');
  });

  test.each(["Authorization", "Host", "content-length", "Accept-Encoding"])(
    "a call may not set %s, and is not sent",
    async (name) => {
      const error = await rejection(
        openProvider("http://127.0.0.1:9").chat(CHAT_BODY, { headers: { [name]: "canary" } }),
      );
      expect([error.code, JSON.stringify(error).includes("canary")]).toEqual(["invalid_request", false]);
    },
  );

  test("F85 F86 a malformed key or header is told without its value", async () => {
    const closed = openProvider("http://127.0.0.1:9");
    const errors = [
      await rejection(closed.chat(CHAT_BODY, { apiKey: "sk-or-v1-ca\nnary" })),
      await rejection(closed.chat(CHAT_BODY, { headers: { "x-a": "ca\nnary" } })),
    ];
    for (const error of errors) expect(inspect(error, { depth: 10 }) + error.stack).not.toMatch(/nary/);
    expect(errors.map(({ code }) => code)).toEqual(["invalid_config", "invalid_request"]);
  });

  test("what cannot be written as JSON is an invalid request", async () => {
    const loop: ChatBody = { messages: [] };
    loop.loop = loop;
    expect((await rejection(openProvider("http://127.0.0.1:9").chat(loop, {}))).code).toBe("invalid_request");
  });
});
