import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyBytes, chatCases, chatRecordings, haveRecordings } from "../../test/recordings.js";
import { LLMError } from "./llm-error.js";
import { findErrorInBody } from "./read-error-body.js";
import { readUpstreamError } from "./read-upstream-error.js";

const withMessage = (message: string, more: object = {}) => ({ error: { message, ...more } });

function read(status: number, body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readUpstreamError(status, text, {}, { now: Date.UTC(2026, 10, 23) });
}

describe("hostile bodies", () => {
  test("F90 depth does not overflow", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(read(502, deep).code).toBe("provider_error");
    expect(read(502, `{"error":{"message":"x","metadata":{"raw":${deep}}}}`).detail).toBe("x");
    let raw = "end";
    for (let level = 0; level < 20; level += 1) raw = JSON.stringify({ message: raw });
    expect(read(502, withMessage("Provider returned error", { metadata: { raw } })).detail).toBe(
      "Provider returned error",
    );
  });
  test("F92 texts of a million characters are cut", () => {
    const long = read(402, withMessage("requested up to ".repeat(70_000)));
    expect(long.detail.length).toBeLessThan(600);
    expect(read(502, "<".repeat(1_000_000)).detail.length).toBeLessThan(600);
    expect(read(502, `<title>${"<title".repeat(200_000)}`).detail.length).toBeLessThan(600);
  });
  test("any JSON under any status is an LLMError with a code, and never throws", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((json) => `{"error":${json}}`),
          fc.json().map((json) => `{"error":{"metadata":${json},"code":${json}}}`),
        ),
        (status, body) => {
          const error = read(status, body);
          expect(LLMError.is(error)).toBe(true);
          expect(error.detail).not.toBe("");
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe.skipIf(!haveRecordings)("recorded failures", () => {
  const failed = [...chatRecordings(), ...chatCases()].filter(
    ({ response, expect: wanted }) => response.status >= 400 && wanted.error,
  );

  test.each(failed.map((recording) => [recording.name, recording] as const))("%s", (_name, recording) => {
    const { status, headers } = recording.response;
    const dated = Date.parse(headers["retry-after"]?.includes("GMT") ? headers["retry-after"] : "");
    const now = Number.isNaN(dated) ? 1_780_000_000_000 : dated - 10_000;
    const error = readUpstreamError(status, bodyBytes(recording).toString("utf8"), headers, { now });
    const wanted = recording.expect.error;
    if (typeof wanted?.retryable === "boolean") expect(error.retryable).toBe(wanted.retryable);
    if (typeof wanted?.providerName === "string") expect(error.servedBy).toBe(wanted.providerName);
    if (typeof wanted?.detail === "string") expect(error.detail).toContain(wanted.detail);
    if (typeof wanted?.message === "string" && wanted.message.length < 400)
      expect(error.upstream?.message).toBe(wanted.message);
    if (typeof wanted?.affordableTokens === "number") expect(error.affordableTokens).toBe(wanted.affordableTokens);
    if (typeof wanted?.retryAfterMs === "number") expect(error.retryAfterMs).toBe(wanted.retryAfterMs);
    if (typeof wanted?.resetAtMs === "number") expect(error.retryAfterMs).toBe(wanted.resetAtMs - now);
    expect(error.upstream).toMatchObject({ status, code: wanted?.code ?? undefined });
    expect(findErrorInBody(wanted)).toBeUndefined();
  });
});
