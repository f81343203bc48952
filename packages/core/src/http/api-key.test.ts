import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ConfigurationError } from "../errors/error-classes.js";
import { checkApiKey } from "./api-key.js";

test.each([
  ["sk-or-v1-abc\n", "sk-or-v1-abc"],
  ["  ollama  ", "ollama"],
  ["", undefined],
  [" \r\n", undefined],
  [undefined, undefined],
])("F85 %j is used as %j", (key, expected) => {
  expect(checkApiKey(key)).toBe(expected);
});

test.each([["sk-or-v1-ca\nnary"], ['"sk-or-v1-canary"'], ["sk or canary"], ["sk-or-v1-canarÿ"], ["canary\u0000x"]])(
  "F85 %j is refused, and no part of it is told",
  (key) => {
    let thrown: unknown;
    try {
      checkApiKey(key);
    } catch (error) {
      thrown = error;
    }
    expect(ConfigurationError.is(thrown)).toBe(true);
    const told = JSON.stringify([inspect(thrown, { depth: 10 }), (thrown as Error).stack, thrown]);
    expect(told).toContain("invalid API key format");
    expect(told).not.toMatch(/canar|nary|sk-or/);
  },
);
