import { expect, test } from "vitest";
import { redactSecrets } from "./redact-secrets.js";

test.each([
  ["key sk-or-v1-0123456789abcdef is bad", "key [redacted] is bad"],
  ["authorization: Bearer abcdefgh12345", "authorization: Bearer [redacted]"],
  ["Basic dXNlcjpwYXNz0A==", "Basic [redacted]"],
  ["https://x.test/?api_key=secret&a=1", "https://x.test/?api_key=[redacted]&a=1"],
  ["see https://openrouter.ai/keys/0123abcdef", "see https://openrouter.ai/keys/[redacted]"],
])("F86 %s", (text, safe) => {
  expect(redactSecrets(text)).toBe(safe);
});

test.each(["acme/risk-analyzer-v2 failed", "task-management-tool", "Basic information about rivers"])(
  "%s holds no key",
  (text) => {
    expect(redactSecrets(text)).toBe(text);
  },
);

test("secrets are removed by value, whatever they look like", () => {
  expect(redactSecrets("the word xyzzy42 is the key", ["xyzzy42", undefined])).toBe("the word [redacted] is the key");
});
