import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.js";

const NAMES = ["client", "request", "accept", "format", "onFinish", "onError", "bodyLimit"];

test.each([
  ["clinet", "client"],
  ["Client", "client"],
  ["on_error", "onError"],
  ["onerror", "onError"],
  ["bodylimits", "bodyLimit"],
  ["body-limit", "bodyLimit"],
  ["formt", "format"],
  ["temperature", undefined],
  ["", undefined],
  ["x".repeat(10_000), undefined],
])("%j is taken for %j", (word, name) => {
  expect(nearestName(word, NAMES)).toBe(name);
});

test("of two that are near, the nearer", () => {
  expect(nearestName("onErorr", ["onMirror", "onError"])).toBe("onError");
});
