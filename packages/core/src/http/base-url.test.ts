import { describe, expect, test } from "vitest";
import { ConfigurationError, InvalidRequestError } from "../errors/error-classes.js";
import { BaseURL } from "./base-url.js";

test.each([
  ["https://openrouter.ai/api/v1", "/models", "https://openrouter.ai/api/v1/models"],
  ["https://openrouter.ai/api/v1///", "/models?a=1", "https://openrouter.ai/api/v1/models?a=1"],
  [" http://127.0.0.1:8080 ", "/chat/completions", "http://127.0.0.1:8080/chat/completions"],
  ["https://x.example/@team/v1", "/models?a=1?b=2", "https://x.example/@team/v1/models?a=1?b=2"],
])("%s and %s give %s", (base, path, expected) => {
  expect(new BaseURL(base).below(path)).toBe(expected);
});

test.each([
  ["ftp://x"],
  ["openrouter.ai/api"],
  [""],
  ["javascript:alert(1)"],
  ["https://user:secret@x.example/"],
  ["https://x.example/v1?api-version=3"],
  ["https://x.example/#v1"],
])("refuses %j as a base", (base) => {
  expect(() => new BaseURL(base)).toThrow(ConfigurationError);
});

describe("F87 no path leads to another place", () => {
  test.each([
    ["@evil.example/"],
    ["//evil.example/../../"],
    ["models"],
    ["/../../keys"],
    ["/%2e%2e/%2e%2e/x"],
    [".evil.example/"],
    ["\\\\evil.example"],
    [""],
  ])("%j", (path) => {
    const base = new BaseURL("https://openrouter.ai/api/v1");
    const outcome = () => new URL(base.below(path));
    try {
      expect(outcome().href.startsWith("https://openrouter.ai/api/v1/")).toBe(true);
    } catch (error) {
      expect(InvalidRequestError.is(error)).toBe(true);
    }
  });
});
