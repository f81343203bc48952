import { describe, expect, test } from "vitest";
import type { LLMClientOptions } from "../src/index.js";
import { answering, errorBody, refused, type Written } from "./refusals.js";
import { rejection } from "./rejection.js";
import { completion, json, textChunk, upstream } from "./upstream.js";

describe("refusals that no second try mends", () => {
  test("F49 401 tells where the key came from, and not what it is", async () => {
    const from = (options: LLMClientOptions) =>
      refused({ status: 401, body: errorBody({ code: 401, message: "No auth credentials found" }) }, options);
    const [option, asked] = await from({});
    const [variable] = await from({ apiKey: undefined, env: { OPENROUTER_API_KEY: "sk-or-v1-canary" } });
    const [none] = await from({ apiKey: undefined, provider: "custom", model: "m" });
    expect([option.code, option.detail, asked]).toEqual(["authentication", "invalid API key", 1]);
    expect([option, variable, none].map(({ hint }) => hint)).toEqual([
      "the refused key came from the option `apiKey`",
      "the refused key came from OPENROUTER_API_KEY",
      "no key was sent",
    ]);
    expect(JSON.stringify([option, variable])).not.toContain("canary");
  });

  test("F50 S39 402 says `insufficient balance`, upstream's words and what is left, and is asked once", async () => {
    const message =
      "This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only afford 1,234.";
    const [thrown, asked] = await refused({ status: 402, body: errorBody({ code: 402, message }) });
    expect(thrown.detail).toBe(`insufficient balance: ${message}`);
    expect([thrown.code, thrown.status, thrown.affordableTokens, asked]).toEqual([
      "insufficient_credits",
      402,
      1_234,
      1,
    ]);
  });

  test("F51 403 of moderation gives the reasons, and nowhere the text that was flagged", async () => {
    const flagged = "the user's own sentence";
    const metadata = { reasons: ["violence"], flagged_input: flagged, provider_name: "Acme" };
    const message = `Your input was flagged: ${flagged}`;
    const [thrown, asked] = await refused({ status: 403, body: errorBody({ code: 403, message, metadata }) });
    expect([thrown.code, asked]).toEqual(["content_policy", 1]);
    expect(thrown.detail).toContain("violence");
    expect(`${thrown.message}${thrown.stack}${JSON.stringify(thrown)}`).not.toContain(flagged);
  });

  test.each([
    ["No endpoints found for acme/one.", "model_not_found"],
    ["No endpoints found matching your data policy (Free model publication).", "model_not_found"],
    ["No endpoints found that support tool use.", "model_not_found"],
    ["acme/one is not a valid model ID", "model_not_found"],
    ["Not Found", "not_found"],
  ])("F52 404 %j is %s, in upstream's words, and asked once", async (message, code) => {
    const [thrown, asked] = await refused({ status: 404, body: errorBody({ code: 404, message }) });
    expect([thrown.code, asked, thrown.detail.includes(message)]).toEqual([code, 1, true]);
  });

  test.each<[string, Written]>([
    ["JSON", { body: errorBody({ code: 413, message: "Request entity too large" }) }],
    ["a page", { body: "<html><title>413 Payload Too Large</title></html>", headers: { "content-type": "text/html" } }],
  ])("F54 413 as %s tells how large our body was", async (_form, answer) => {
    const { llm, requests } = await answering([{ status: 413, ...answer }]);
    const thrown = await rejection(llm.generate({ prompt: "é".repeat(1_000) }));
    expect([thrown.code, requests.length]).toEqual(["payload_too_large", 1]);
    expect(thrown.detail).toContain(`(${Buffer.byteLength(requests[0]?.text ?? "")} bytes)`);
    expect(thrown.detail).not.toContain("<");
  });

  test("F55 422 with a list of issues tells the first one", async () => {
    const issues = {
      success: false,
      error: { name: "ZodError", message: '[{"path":["messages"],"message":"Required"}]' },
    };
    const [thrown, asked] = await refused({ status: 422, body: issues });
    expect([thrown.code, thrown.detail, asked]).toEqual(["invalid_request", expect.stringContaining("Required"), 1]);
  });
});

describe("failures that a second try may mend", () => {
  test.each([
    [408, "timeout"],
    [409, "invalid_request"],
    [425, "invalid_request"],
  ])("F53 %i is tried again, and is %s in the end", async (status, code) => {
    const [thrown, asked] = await refused({ status, body: errorBody({ code: status }) });
    expect([thrown.code, thrown.upstream?.status, asked]).toEqual([code, status, 3]);
  });

  test.each([
    [500, "provider_error"],
    [502, "provider_error"],
    [503, "provider_overloaded"],
    [504, "timeout"],
    [524, "timeout"],
    [529, "provider_overloaded"],
  ])("F56 %i is tried again, and the generation is kept", async (status, code) => {
    const headers = { "x-generation-id": "gen-masked" };
    const [thrown, asked] = await refused({
      status,
      headers,
      body: errorBody({ code: status, message: "Internal Server Error" }),
    });
    expect([thrown.code, asked, thrown.generationId, thrown.attempts.map(({ generationId }) => generationId)]).toEqual([
      code,
      3,
      "gen-masked",
      ["gen-masked", "gen-masked", "gen-masked"],
    ]);
  });

  test.each<[string, string]>([
    ["F57 a page", "<html><head><title>502 Bad Gateway</title><script>var x</script></head><body>nginx</body></html>"],
    ["F57 nothing", ""],
    ["F57 a line", "upstream connect error"],
    ["F58 an error that is a string", '{"error":"upstream said no"}'],
  ])("%s with 502 is a provider's failure in few plain words", async (_what, body) => {
    const [thrown, asked] = await refused({ status: 502, body });
    expect([thrown.code, asked]).toEqual(["provider_error", 3]);
    expect(thrown.detail).toMatch(
      /^(502 Bad Gateway|the provider failed \(status 502\)|upstream (connect error|said no))$/,
    );
  });

  test("F59 the code of the body counts, the status is kept", async () => {
    const [thrown, asked] = await refused({ status: 400, body: errorBody({ code: 503, message: "busy" }) });
    expect([thrown.code, thrown.upstream?.status, asked]).toEqual(["provider_overloaded", 400, 3]);
  });

  test.each([
    ["text", "too hot"],
    ["JSON in text", '{"error":{"message":"too hot"}}'],
    ["an object", { error: { message: "too hot" } }],
    ["a bare message", { message: "too hot" }],
    ["a detail", { detail: "too hot" }],
    ["a list", [{ error: { message: "too hot" } }]],
    ["JSON in JSON", JSON.stringify(JSON.stringify({ message: "too hot" }))],
    ["a page", "<html><title>too hot</title></html>"],
    ["a list of details", { detail: [{ msg: "too hot" }] }],
  ])("F60 the provider's own words are found in %s", async (_form, raw) => {
    const metadata = { provider_name: "Acme", raw };
    const [thrown] = await refused({ status: 502, body: errorBody({ code: 502, metadata }) }, { retry: false });
    expect(thrown.detail).toContain("too hot");
    expect(thrown.detail).not.toMatch(/[{<[]/);
  });
});

describe("answers that say 200", () => {
  test.each([
    [429, "rate_limit", 3],
    [502, "provider_error", 3],
    [400, "invalid_request", 1],
  ])("F61 and hold an error of code %i are that error", async (code, wanted, times) => {
    const [thrown, asked] = await refused({ body: errorBody({ code }) });
    expect([thrown.code, asked]).toEqual([wanted, times]);
  });

  test.each<[string, string, string, number]>([
    ["nothing", "", "empty_response", 3],
    ["a page", "<html><title>Sign in to the hotel</title></html>", "invalid_response", 1],
  ])("F62 and hold %s are no answer", async (_what, body, code, times) => {
    const [thrown, asked] = await refused({ body });
    expect([thrown.code, asked]).toEqual([code, times]);
  });

  test("F63 may begin with blank lines", async () => {
    const { llm } = await answering([{ body: `\n         \n\n${JSON.stringify(completion)}` }]);
    expect((await llm.generate({ prompt: "x" })).text).toBe("hi");
  });

  test("F64 as JSON where a stream was asked for are that answer, or that error", async () => {
    const { llm } = await answering([{ body: completion }, { body: errorBody({ code: 400, message: "no" }) }]);
    const texts: string[] = [];
    for await (const text of llm.stream({ prompt: "x" })) texts.push(text);
    expect(texts).toEqual(["hi"]);
    expect((await rejection(llm.stream({ prompt: "x" }).result)).code).toBe("invalid_request");
  });

  test("F65 as a stream where JSON was asked for are put together", async () => {
    const finish = { choices: [{ delta: {}, finish_reason: "stop" }] };
    const body = [textChunk("a"), textChunk("b"), finish].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
    const { llm } = await answering([{ body, headers: { "content-type": "text/event-stream" } }]);
    expect(await llm.generate({ prompt: "x" })).toMatchObject({ text: "ab", finishReason: "stop" });
  });

  test.each([
    ["F66", "text/plain"],
    ["F66", "application/octet-stream"],
    ["F67", "application/json; charset=utf-8"],
    ["F67", "Application/JSON;Charset=UTF-8"],
    ["F67", "TEXT/EVENT-STREAM"],
  ])("%s of type %s are read by what they are", async (_row, type) => {
    const { llm } = await answering([{ body: completion, headers: { "content-type": type } }]);
    expect((await llm.generate({ prompt: "x" })).text).toBe("hi");
    expect((await llm.stream({ prompt: "x" }).result).text).toBe("hi");
  });
});

test("S39 a stream that cannot be paid for says so, and is no rate limit", async () => {
  const { llm } = await upstream((_seen, response) =>
    json(response, 402, errorBody({ code: 402, message: "Insufficient credits" })),
  );
  const streamed = await rejection(llm.stream({ prompt: "x" }).result);
  expect([streamed.status, streamed.detail, streamed.detail.includes("rate limit")]).toEqual([
    402,
    "insufficient balance: Insufficient credits",
    false,
  ]);
});
