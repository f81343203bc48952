import { describe, expect, test } from "vitest";
import { bodyBytes, chatRecordings, haveRecordings } from "../../test/recordings.js";
import { providerSlug } from "./provider-slugs.js";

test("a display name is no slug, and an unknown one gives none", () => {
  const names = ["Google", "Google AI Studio", "Amazon Bedrock", "xAI", "openai", "", "constructor"];
  expect(names.map(providerSlug)).toEqual([
    "google-vertex",
    "google-ai-studio",
    "amazon-bedrock",
    "xai",
    undefined,
    undefined,
    undefined,
  ]);
});

describe.skipIf(!haveRecordings)("recorded answers", () => {
  test("every provider that signed or encrypted a thought has its slug", () => {
    const signed = chatRecordings().filter((recording) =>
      /"reasoning\.encrypted"|"signature":\s*"[^"]/.test(bodyBytes(recording).toString("utf8")),
    );
    const names = new Set(signed.flatMap(({ expect: { provider } }) => provider ?? []));
    expect(names.size).toBeGreaterThan(3);
    expect([...names].filter((name) => providerSlug(name) === undefined)).toEqual([]);
  });
});
