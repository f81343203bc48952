import { expect, test } from "vitest";
import type { ChatChunk } from "../messages/chat-body.js";
import { mergeChunks } from "./merge-chunks.js";

test("a key called __proto__ gives the answer no other prototype", () => {
  const chunk = JSON.parse('{"id":"a","__proto__":{"error":{"message":"x"}},"choices":[]}') as ChatChunk;
  const merged = mergeChunks([chunk]);
  expect([Object.getPrototypeOf(merged), merged.error, merged.id]).toEqual([Object.prototype, undefined, "a"]);
});
