import { expect, test } from "vitest";
import type { ChatChunk } from "../messages/chat-body.js";
import { isRepeated, type NotedFacts, noteFacts } from "./answer-facts.js";
import type { Image } from "./generate-result.js";

function noted(...chunks: unknown[]): NotedFacts {
  const facts: NotedFacts = {};
  for (const chunk of chunks) noteFacts(facts, chunk as ChatChunk);
  return facts;
}

test("the last tier and the last routing count, debug chunks add up", () => {
  expect(
    noted(
      { service_tier: "default", openrouter_metadata: { attempt: 1 }, debug: { first: true } },
      { service_tier: "flex", openrouter_metadata: { attempt: 2 }, debug: { second: true } },
      {},
    ),
  ).toStrictEqual({
    serviceTier: "flex",
    routerMetadata: { attempt: 2 },
    debug: [{ first: true }, { second: true }],
  });
});

test("what is missing, null or of another kind is no fact", () => {
  for (const odd of [undefined, null, 7, true]) {
    expect(noted({ service_tier: odd, openrouter_metadata: odd, debug: odd })).toStrictEqual({});
  }
  expect(noted({ openrouter_metadata: "x", debug: "x" })).toStrictEqual({});
});

test("a picture is repeated where one with its address is there already", () => {
  const image = (url?: unknown) => ({ type: "image_url", image_url: { url } }) as Image;
  const odd = [null, { type: "other" }, { type: "image_url", image_url: null }, image()] as unknown as Image[];
  expect(isRepeated(image("a"), [...odd, image("b"), image("a")])).toBe(true);
  expect(isRepeated(image("a"), [...odd, image("b")])).toBe(false);
  for (const without of odd) expect(isRepeated(without, odd)).toBe(false);
});
