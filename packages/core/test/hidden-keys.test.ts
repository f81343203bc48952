import { inspect } from "node:util";
import { expect, test } from "vitest";
import { rejection } from "./rejection.js";
import { events, json, upstream } from "./upstream.js";

const apiKey = "my-secret-key-123";
const error = { code: 500, message: `bad key ${apiKey}` };

// The key has no form that could be told from any other word: only its value gives it away.
test.each([
  ["mid-stream", "stream", { error }],
  ["in a choice of a stream", "stream", { choices: [{ delta: { content: "a" }, finish_reason: "error", error }] }],
  ["in a 200 body", "generate", { choices: [{ message: { content: "a" }, error }] }],
  ["in place of an answer", "generate", { error }],
  ["in place of vectors", "embed", { error }],
  ["with an error status", "status", { error }],
])("F86 a key that a server repeats %s stands nowhere in the error", async (_where, road, body) => {
  const { llm } = await upstream(
    (_seen, response) => {
      if (road === "status") return json(response, 500, body);
      if (road !== "stream") return json(response, 200, body);
      events(response, body);
      return response.end();
    },
    { provider: "custom", model: "m", apiKey, retry: false },
  );
  const work =
    road === "stream"
      ? llm.stream({ prompt: "x" }).result
      : road === "embed"
        ? llm.embed({ input: "x" })
        : llm.generate({ prompt: "x" });
  const thrown = await rejection(work);
  const shown = [inspect(thrown, { depth: 10 }), JSON.stringify(thrown), thrown.message, thrown.detail, thrown.stack];
  expect(shown.filter((text) => text?.includes(apiKey))).toEqual([]);
  expect(thrown.detail).toContain("bad key [redacted]");
});
