import { expect, test } from "vitest";
import { redactBody, redactSecrets } from "./redact-secrets.js";

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

test("F86 F90 in a body every text is cleaned, names too, however deep it lies; the body stays as it is", () => {
  const body = { error: { xyzzy42: ["xyzzy42!", 1, null, { at: "sk-or-v1-0123456789" }] } };
  const before = JSON.stringify(body);
  expect(redactBody(body, ["xyzzy42"])).toEqual({
    error: { "[redacted]": ["[redacted]!", 1, null, { at: "[redacted]" }] },
  });
  expect(JSON.stringify(body)).toBe(before);
  const deep = JSON.parse(`${"[".repeat(5_000)}"xyzzy42"${"]".repeat(5_000)}`) as unknown;
  expect(JSON.stringify(redactBody(deep, ["xyzzy42"]))).not.toContain("xyzzy42");
  expect(redactBody(JSON.parse('{"__proto__":{"polluted":"x"}}'))).toEqual(
    JSON.parse('{"__proto__":{"polluted":"x"}}'),
  );
});
