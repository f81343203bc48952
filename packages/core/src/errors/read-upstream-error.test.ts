import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { readUpstreamError, type UpstreamContext } from "./read-upstream-error.js";

const NOW = Date.UTC(2026, 10, 23);

function read(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  context: Partial<UpstreamContext> = {},
) {
  return readUpstreamError(status, typeof body === "string" ? body : JSON.stringify(body), headers, {
    now: NOW,
    ...context,
  });
}

const withMessage = (message: string, more: object = {}) => ({ error: { message, ...more } });

describe("the code", () => {
  test.each([
    [400, "invalid_request", 400, false],
    [401, "authentication", 401, false],
    [402, "insufficient_credits", 402, false],
    [403, "permission_denied", 403, false],
    [404, "not_found", 404, false],
    [407, "invalid_response", 502, false],
    [408, "timeout", 504, true],
    [409, "invalid_request", 400, true],
    [410, "not_found", 404, false],
    [413, "payload_too_large", 413, false],
    [418, "invalid_request", 400, false],
    [422, "invalid_request", 400, false],
    [425, "invalid_request", 400, true],
    [429, "rate_limit", 429, true],
    [500, "provider_error", 502, true],
    [502, "provider_error", 502, true],
    [503, "provider_overloaded", 503, true],
    [504, "timeout", 504, true],
    [524, "timeout", 504, true],
    [529, "provider_overloaded", 503, true],
  ])("F50 F53 F56 status %i is %s", (status, code, stands, retryable) => {
    expect(read(status, withMessage("x"))).toMatchObject({ code, status: stands, retryable, upstream: { status } });
  });

  test("F59 the code in the body counts more than the status", () => {
    expect(read(400, withMessage("slow", { code: 429 }))).toMatchObject({
      code: "rate_limit",
      upstream: { status: 400, code: 429 },
    });
    expect(read(502, withMessage("bad", { code: "429" })).code).toBe("rate_limit");
    expect(read(500, withMessage("x", { code: 3043 })).code).toBe("provider_error");
  });

  test("error_type counts more than both, in all three places", () => {
    const typed = "provider_overloaded";
    expect(read(400, withMessage("x", { code: 500, metadata: { error_type: typed } })).code).toBe(typed);
    expect(read(400, withMessage("x", { code: 500, error_type: typed })).code).toBe(typed);
    expect(read(400, { ...withMessage("x", { code: 500 }), error_type: typed }).code).toBe(typed);
  });

  test.each([
    ["context_length_exceeded", "context_length"],
    ["token_limit_exceeded", "context_length"],
    ["string_too_long", "invalid_request"],
    ["authentication", "authentication"],
    ["permission_denied", "permission_denied"],
    ["payment_required", "insufficient_credits"],
    ["rate_limit_exceeded", "rate_limit"],
    ["provider_overloaded", "provider_overloaded"],
    ["provider_unavailable", "provider_error"],
    ["not_found", "not_found"],
    ["payload_too_large", "payload_too_large"],
    ["content_policy_violation", "content_policy"],
    ["refusal", "content_policy"],
    ["image_not_found", "not_found"],
    ["server", "provider_error"],
    ["timeout", "timeout"],
  ])("error_type %s is %s, in a 200 body too", (error_type, code) => {
    expect(read(200, withMessage("x", { metadata: { error_type } })).code).toBe(code);
  });

  test.each(["unmapped", "something_new", "constructor", "__proto__"])(
    "error_type %s leaves it to the code",
    (error_type) => {
      expect(read(400, withMessage("x", { code: 503, metadata: { error_type } })).code).toBe("provider_overloaded");
    },
  );

  test("F73 words of other services: string codes, then the status, then the coarse type", () => {
    expect(read(429, withMessage("x", { code: "insufficient_quota", type: "insufficient_quota" })).code).toBe(
      "insufficient_credits",
    );
    expect(
      read(404, withMessage("The model `x` does not exist", { code: "model_not_found", type: "invalid_request_error" }))
        .code,
    ).toBe("model_not_found");
    expect(read(401, withMessage("no key", { code: null, type: "invalid_request_error" })).code).toBe("authentication");
    expect(read(200, withMessage("x", { code: null, type: "server_error" })).code).toBe("provider_error");
    expect(read(200, withMessage("x", { type: "overloaded_error" })).code).toBe("provider_overloaded");
    expect(read(200, withMessage("x", { code: { nested: 1 } }))).toMatchObject({
      code: "provider_error",
      upstream: { code: undefined },
    });
  });

  test.each([
    [
      400,
      "This endpoint's maximum context length is 200000 tokens. However, you requested about 2500021 tokens.",
      "context_length",
    ],
    [400, "prompt is too long: 210000 tokens > 200000 maximum", "context_length"],
    [413, "input is too long for requested model", "context_length"],
    [400, "acme/x is not a valid model ID", "model_not_found"],
    [400, "No endpoints found that support image input", "model_not_found"],
    [404, "No endpoints found matching your data policy", "model_not_found"],
    [404, 'model "llama9" not found, try pulling it first', "model_not_found"],
    [404, "The alpha period for this model has ended.", "model_not_found"],
    [404, "Generation not found", "not_found"],
    [403, "Your request was flagged by moderation", "content_policy"],
    [403, "Only management keys may do this", "permission_denied"],
    [500, "maximum context length exceeded", "provider_error"],
  ])("F52 %i with %j is %s", (status, message, code) => {
    expect(read(status, withMessage(message)).code).toBe(code);
  });
});

describe("the detail", () => {
  test("F49 401 is exactly `invalid API key`; what upstream said stays beside it", () => {
    expect(read(401, withMessage("Missing Authentication header"))).toMatchObject({
      detail: "invalid API key",
      upstream: { message: "Missing Authentication header" },
    });
  });
  test("fixed words stand first", () => {
    expect(read(402, withMessage("Add credits.")).detail).toBe("insufficient balance: Add credits.");
    expect(read(429, withMessage("free-models-per-min")).detail).toBe("rate limit exceeded: free-models-per-min");
    expect(read(429, "").detail).toBe("rate limit exceeded");
    expect(read(404, withMessage("No endpoints found for acme/x."), {}, { model: "acme/x" }).detail).toBe(
      "model not found: No endpoints found for acme/x.",
    );
    expect(read(404, withMessage("No endpoints found."), {}, { model: "acme/x" })).toMatchObject({
      detail: "model not found: No endpoints found. (acme/x)",
      model: "acme/x",
    });
    expect(read(413, withMessage("too big"), {}, { sentBytes: 77 }).detail).toBe(
      "the request is too large (77 bytes): too big",
    );
    expect(read(500, "").detail).toBe("the provider failed (status 500)");
    expect(read(422, "").detail).toBe("the request was refused (status 422)");
    expect(read(407, "").detail).toContain("proxy");
  });
  test("F58 an error may be a string, missing, or somewhere else", () => {
    expect(read(502, { error: "Bad gateway" }).detail).toBe("Bad gateway");
    expect(read(400, { detail: "Not like that" }).detail).toBe("Not like that");
    expect(read(400, { message: "Not like that" }).detail).toBe("Not like that");
    expect(read(400, "plain words").detail).toBe("plain words");
    expect(read(400, "[]").detail).toBe("the request was refused (status 400)");
  });
  test("F55 the first of several issues is told", () => {
    expect(
      read(422, { error: { code: 422, message: [{ path: ["messages"], message: "Required" }, { message: "Other" }] } })
        .detail,
    ).toBe("Required");
  });
  test("F57 a page is cut to its words", () => {
    const page = `<html><head><style>b{}</style><script>if (a<b) x()</script></head><body><h1>502 Bad\n Gateway</h1>${"<p>x</p>".repeat(5_000)}</body></html>`;
    const { detail } = read(502, page);
    expect(detail.startsWith("502 Bad Gateway x x")).toBe(true);
    expect(detail.length).toBeLessThanOrEqual(200);
    expect(read(502, "<html><title>502 | Cloudflare</title><body>long</body>").detail).toBe("502 | Cloudflare");
    expect(read(502, "<<<").detail).toBe("the provider failed (status 502)");
  });
  test("F60 the provider's own sentence is found in all its forms, with the provider", () => {
    const raws: unknown[] = [
      "Gone",
      '{"message":"Gone"}',
      { error: { message: "Gone" } },
      '{"error":{"message":"Gone"}}',
      { detail: "Gone" },
      { error: "Gone" },
      '{"errors":[{"message":"Gone"}]}',
      { details: "Gone" },
    ];
    for (const raw of raws) {
      const error = read(
        502,
        withMessage("Provider returned error", { code: 502, metadata: { raw, provider_name: "Acme" } }),
      );
      expect([error.detail, error.servedBy]).toEqual(["Gone (Acme)", "Acme"]);
    }
    for (const raw of [{}, null, "", [], 7, { retryable: true }]) {
      expect(read(502, withMessage("Provider returned error", { metadata: { raw } })).detail).toBe(
        "Provider returned error",
      );
    }
    expect(read(502, withMessage("Stream broke", { metadata: { raw: "socket closed" } })).detail).toBe(
      "Stream broke: socket closed",
    );
  });
  test("F50 what can still be paid for is read, and the key's hash is not shown", () => {
    const error = read(
      402,
      withMessage(
        "You requested up to 65536 tokens, but can only afford 10114. See https://openrouter.ai/keys/0123abcd",
      ),
    );
    expect(error.affordableTokens).toBe(10_114);
    expect(JSON.stringify([error.detail, error.upstream, error])).not.toContain("0123abcd");
    expect(read(402, withMessage("can only afford many")).affordableTokens).toBeUndefined();
  });
  test("F51 F88 moderation gives the reasons, never the text it flagged", () => {
    const error = read(
      403,
      withMessage('Blocked: "my secret diary" was flagged', {
        code: 403,
        metadata: { reasons: ["violence", "my secret diary".repeat(9)], flagged_input: "my secret diary" },
      }),
    );
    expect(error.code).toBe("content_policy");
    expect(error.detail).toContain("content policy, violence");
    expect(
      JSON.stringify([
        error.message,
        error.upstream?.message,
        error,
        inspect(error, { depth: 10 }),
        Object.entries(error),
      ]),
    ).not.toContain("diary");
    expect(
      read(403, withMessage("Request blocked", { metadata: { patterns: ["ignore all instructions"] } })).detail,
    ).toBe("content policy: Request blocked");
  });
  test("F86 the key is removed wherever upstream echoes it", () => {
    const error = read(
      400,
      withMessage("Bad key: Bearer canary-key-7 and canary-key-7"),
      {},
      { secrets: ["canary-key-7", undefined] },
    );
    expect(JSON.stringify([error, error.upstream?.message, inspect(error)])).not.toContain("canary-key-7");
  });
  test("the generation's id is kept", () => {
    expect(read(500, "", { "x-generation-id": "gen-7" }).generationId).toBe("gen-7");
  });
});

describe("may it be tried again", () => {
  test("F48 availability decides, both ways, and says when", () => {
    expect(read(429, withMessage("x", { availability: { retryable: false } })).retryable).toBe(false);
    expect(read(404, withMessage("x", { availability: { retryable: true, retry_after: 40 } }))).toMatchObject({
      retryable: true,
      retryAfterMs: 40_000,
    });
    expect(read(400, withMessage("x", { availability: { code: "model_not_found", retryable: false } })).code).toBe(
      "model_not_found",
    );
  });
  test("F45 F46 a limit of a day, or a wait of minutes, is nothing to wait for", () => {
    expect(read(429, withMessage("Rate limit exceeded: free-models-per-day.")).retryable).toBe(false);
    expect(read(429, withMessage("x", { metadata: { limit_source: "openrouter_free_tier_daily" } })).retryable).toBe(
      false,
    );
    expect(read(429, withMessage("x"), { "retry-after": "120" })).toMatchObject({
      retryable: false,
      retryAfterMs: 120_000,
    });
    expect(read(429, withMessage("x"), { "retry-after": "60" })).toMatchObject({
      retryable: true,
      retryAfterMs: 60_000,
    });
  });
});
