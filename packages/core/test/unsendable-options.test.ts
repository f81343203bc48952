import { expect, test } from "vitest";
import { rejection } from "./rejection.js";
import { completion, json, upstream } from "./upstream.js";

test("an option that holds itself is refused like everything else that is no JSON, and nothing is sent", async () => {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion));
  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  for (const options of [{ imageConfig: circle }, { extraBody: { circle } }, { extraBody: { big: 1n } }]) {
    const error = await rejection(llm.generate({ prompt: "x", ...options }));
    expect([error.code, error.detail]).toEqual(["invalid_request", "the request cannot be written as JSON"]);
  }
  expect(requests).toEqual([]);
});

test("a wire field without an option is refused with its reason by structured calls, too", async () => {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion));
  const request = { prompt: "x", schema: { type: "object" }, response_format: { type: "json_object" } };
  for (const work of [llm.generateStructured(request), llm.streamStructured(request).result])
    expect((await rejection(work)).detail).toBe(
      'unknown key "response_format" in request: generateStructured() chooses it; other formats go through extraBody',
    );
  expect(requests).toEqual([]);
});
