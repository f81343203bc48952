import { expect, test } from "vitest";
import { createError } from "../errors/error-classes.js";
import { mayHaveCost } from "./may-have-cost.js";

const coded = (code: string) => createError("connection", "x", { cause: Object.assign(new Error("x"), { code }) });

test.each([
  ["reset before the headers", coded("ECONNRESET"), true],
  ["broken pipe", coded("EPIPE"), true],
  ["timed out, as whichever end says", coded("ETIMEDOUT"), true],
  ["a connection that failed without a code", createError("connection", "x"), true],
  ["nobody listens", coded("ECONNREFUSED"), false],
  ["no such name", coded("ENOTFOUND"), false],
  ["no name service", coded("EAI_AGAIN"), false],
  ["no way there", coded("EHOSTUNREACH"), false],
  ["no network", coded("ENETUNREACH"), false],
  ["no address of our own", coded("EADDRNOTAVAIL"), false],
  ["a certificate that is not trusted", coded("CERT_HAS_EXPIRED"), false],
  ["a header that cannot be sent", coded("ERR_HTTP_INVALID_HEADER_VALUE"), false],
  ["no socket in time", createError("timeout", "x", { phase: "connect" }), false],
  ["no first token in time", createError("timeout", "x", { phase: "first_token" }), true],
  ["a stream that was cut", createError("stream_truncated", "x"), true],
  ["a caller who left", createError("aborted", "x"), true],
  ["what upstream refused", createError("invalid_request", "x"), false],
])("%s", (_what, error, expected) => {
  expect(mayHaveCost(error)).toBe(expected);
});
