import { expect, test } from "vitest";
import { AbortedError, ProviderError } from "../errors/error-classes.js";
import { shutdownOf, shuttingDown } from "./shutting-down.js";

test("a server that shuts down asks to come again", () => {
  const cause = new Error("cut off");
  expect(shuttingDown(cause)).toMatchObject({
    code: "aborted",
    status: 503,
    retryable: true,
    retryAfterMs: 1_000,
    cause,
  });
});

test("a call that a shutdown has aborted is told of the shutdown", () => {
  const shutdown = shuttingDown();
  expect(shutdownOf(new AbortedError("aborted", "the request was aborted", { cause: shutdown }))).toBe(shutdown);
});

test("a call of a client that was closed is told of a shutdown", () => {
  const closed = new AbortedError("aborted", "the client was closed");
  expect(shutdownOf(closed)).toMatchObject({ status: 503, cause: closed });
});

test.each([
  ["a caller who has left", new AbortedError("aborted", "the client has left")],
  ["another abort", new AbortedError("aborted", "stopped", { cause: new AbortedError("aborted", "by hand") })],
  ["another failure", new ProviderError("provider_error", "down", { status: 503 })],
  ["something else", new Error("the client was closed")],
  ["nothing", undefined],
])("%s is no shutdown", (_what, error) => {
  expect(shutdownOf(error)).toBeUndefined();
});
