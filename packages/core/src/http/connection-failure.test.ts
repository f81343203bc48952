import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createError } from "../errors/error-classes.js";
import { connectionFailure } from "./connection-failure.js";

const ORIGIN = "https://api.example.com";

function coded(code: string, message = "failed"): Error {
  return Object.assign(new Error(message), { code });
}

function failure(error: unknown, stage: "before_headers" | "streaming" = "before_headers") {
  return connectionFailure(error, stage, ORIGIN, ["sk-or-v1-canary"]);
}

describe("connection failures by code", () => {
  test.each([
    ["ECONNREFUSED", true],
    ["ECONNRESET", true],
    ["ETIMEDOUT", true],
    ["EAI_AGAIN", true],
    ["ENOTFOUND", false],
    ["CERT_HAS_EXPIRED", false],
    ["SELF_SIGNED_CERT_IN_CHAIN", false],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", false],
    ["ERR_TLS_CERT_ALTNAME_INVALID", false],
    ["ERR_SSL_WRONG_VERSION_NUMBER", false],
    ["EPROTO", false],
    ["ERR_HTTP_INVALID_HEADER_VALUE", false],
    ["ERR_INVALID_HTTP_TOKEN", false],
    ["EPROTONOSUPPORT", true],
    ["NO_CERT_OF_ITS_OWN", true],
    ["NO_Z_ERROR", true],
  ])("F20 F36 F37 %s: retryable %s, its code is kept", (code, retryable) => {
    const error = failure(coded(code));
    expect(error).toMatchObject({ code: "connection", phase: "before_headers", retryable, cause: { code } });
    expect(error.detail).toContain(`${ORIGIN}: ${code}`);
  });

  test.each([
    ["UND_ERR_CONNECT_TIMEOUT", "timeout", "connect"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout", "idle"],
    ["UND_ERR_BODY_TIMEOUT", "timeout", "idle"],
    ["HPE_HEADER_OVERFLOW", "invalid_response", undefined],
    ["Z_DATA_ERROR", "invalid_response", undefined],
    ["ERR_PROXY_TUNNEL", "invalid_response", undefined],
  ])("%s is %s", (code, expected, phase) => {
    expect(failure(coded(code))).toMatchObject({ code: expected, phase });
  });

  test("F37 the code is found behind causes and in aggregates, and loops end", () => {
    const wrapped = new TypeError("fetch failed", { cause: coded("EAI_AGAIN") });
    const aggregate = new TypeError("fetch failed", { cause: new AggregateError([coded("ECONNREFUSED")]) });
    const loop = new Error("loop");
    loop.cause = loop;
    expect([failure(wrapped), failure(aggregate)].map(({ cause }) => (cause as { code: string }).code)).toEqual([
      "EAI_AGAIN",
      "ECONNREFUSED",
    ]);
    expect(failure(loop)).toMatchObject({ code: "connection", retryable: true });
  });

  test("a code is looked for five deep", () => {
    const deep = (levels: number): Error =>
      levels === 0 ? coded("ENOTFOUND") : new Error("fetch failed", { cause: deep(levels - 1) });
    expect([4, 5].map((levels) => failure(deep(levels)).detail)).toEqual([
      `could not reach ${ORIGIN}: ENOTFOUND`,
      `could not reach ${ORIGIN}: fetch failed`,
    ]);
  });

  test.each([
    [coded("UND_ERR_CONNECT_TIMEOUT"), "connect timeout"],
    [coded("UND_ERR_HEADERS_TIMEOUT"), "idle timeout"],
    [coded("Z_DATA_ERROR"), "the compressed body is corrupt"],
    [coded("ERR_PROXY_TUNNEL"), "the proxy refused the connection"],
    [new Error("Bad response: HTTP Tunneling failed"), "the proxy refused the connection"],
    [coded("HPE_HEADER_OVERFLOW"), `the answer of ${ORIGIN} is not valid HTTP (HPE_HEADER_OVERFLOW)`],
    [
      Object.assign(new Error("bad"), { name: "HTTPParserError" }),
      `the answer of ${ORIGIN} is not valid HTTP (HPE_INVALID)`,
    ],
    [coded("CERT_HAS_EXPIRED"), `no trusted TLS connection to ${ORIGIN}: CERT_HAS_EXPIRED`],
    [coded("ECONNRESET"), `could not reach ${ORIGIN}: ECONNRESET`],
    [new Error("odd"), `could not reach ${ORIGIN}: odd`],
    ["odd", `could not reach ${ORIGIN}: unknown failure`],
  ])("%s is told as %j", (error, detail) => {
    expect(failure(error).detail).toBe(detail);
  });

  test("F22 whatever breaks a body is a cut stream", () => {
    expect(failure(coded("ECONNRESET"), "streaming")).toMatchObject({
      code: "stream_truncated",
      phase: "streaming",
      detail: "stream ended unexpectedly",
    });
  });

  test("an LLMError passes unchanged", () => {
    const error = createError("rate_limit", "slow down");
    expect(failure(error)).toBe(error);
  });

  test("what is no error at all is one still", () => {
    expect([failure("text"), failure(undefined), failure(null)].map(({ code }) => code)).toEqual([
      "connection",
      "connection",
      "connection",
    ]);
  });
});

test("the cause has the name, the stack and the code of what was thrown, where it has them", () => {
  const thrown = Object.assign(new TypeError("failed"), { code: "ECONNRESET" });
  expect(failure(thrown).cause).toMatchObject({ name: "TypeError", stack: thrown.stack, code: "ECONNRESET" });
  const bare = Object.assign(new Error("failed"), { stack: undefined });
  const { cause } = failure(bare);
  expect(cause).toMatchObject({ name: "Error", stack: "" });
  expect(cause).not.toHaveProperty("code");
});

test("F85 F86 a key in what was thrown is in nothing that comes out", () => {
  const thrown = Object.assign(new TypeError('Headers.append: "Bearer sk-or-v1-canary" is an invalid header value.'), {
    config: { headers: { authorization: "Bearer sk-or-v1-canary" } },
  });
  const error = failure(thrown);
  expect(
    JSON.stringify([
      inspect(error, { depth: 10, showHidden: true }),
      error.stack,
      inspect(error.cause, { depth: 10 }),
      error,
    ]),
  ).not.toContain("canary");
});
