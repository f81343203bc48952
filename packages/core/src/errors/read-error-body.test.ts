import { describe, expect, test } from "vitest";
import { findErrorInBody } from "./read-error-body.js";

const error = { code: 502, message: "broke" };

describe("an error in a body", () => {
  test("F61 F69 stands at the top, first of all", () => {
    const body = { error, choices: [{ error: { code: 1 }, finish_reason: "error" }], provider: "Acme" };
    expect(findErrorInBody(body)).toEqual({ error, where: "body", provider: "Acme" });
  });
  test("F58 may be a string", () => {
    expect(findErrorInBody({ error: "Bad gateway" })).toEqual({
      error: "Bad gateway",
      where: "body",
      provider: undefined,
    });
  });
  test("F72 stands in the first choice", () => {
    expect(findErrorInBody({ choices: [{ error, finish_reason: null }] })).toEqual({
      error,
      where: "choice",
      provider: undefined,
    });
  });
  test("F71 is the finish word error, whose message is the native word", () => {
    expect(
      findErrorInBody({ choices: [{ finish_reason: "error", native_finish_reason: "MALFORMED_FUNCTION_CALL" }] }),
    ).toEqual({
      error: { message: "MALFORMED_FUNCTION_CALL" },
      where: "finish",
      provider: undefined,
    });
    expect(findErrorInBody({ choices: [{ finish_reason: "error" }] })?.error).toEqual({
      message: "the provider ended the answer with an error",
    });
  });
  test.each([
    [{ error: null }],
    [{ error: false }],
    [{ error: "" }],
    [{ choices: [] }],
    [{ choices: [null] }],
    [{ choices: "x" }],
    [{ choices: [{ error: null, finish_reason: "stop" }] }],
    [null],
    [undefined],
    ["error"],
    [[{ error }]],
  ])("is not in %j", (body) => {
    expect(findErrorInBody(body)).toBeUndefined();
  });
});
