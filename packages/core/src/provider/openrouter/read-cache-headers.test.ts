import { expect, test } from "vitest";
import { readCacheHeaders } from "./read-cache-headers.js";

const PREFIX = "x-openrouter-cache-";

test("a hit tells its age, what is left of its time and whose answer it repeats", () => {
  const headers = {
    [`${PREFIX}status`]: "HIT",
    [`${PREFIX}age`]: "12",
    [`${PREFIX}ttl`]: "288",
    [`${PREFIX}source-id`]: "gen-1",
  };
  expect(readCacheHeaders(headers)).toEqual({ status: "hit", ageMs: 12_000, ttlMs: 288_000, sourceId: "gen-1" });
});

test("a miss tells its time; what is no number is not told", () => {
  expect(
    readCacheHeaders({ [`${PREFIX}status`]: "MISS", [`${PREFIX}ttl`]: "300", [`${PREFIX}source-id`]: "" }),
  ).toEqual({
    status: "miss",
    ttlMs: 300_000,
  });
  const odd = { [`${PREFIX}status`]: "miss", [`${PREFIX}ttl`]: "soon", [`${PREFIX}age`]: "-1" };
  expect(readCacheHeaders(odd)).toEqual({ status: "miss" });
});

test("no word, or one that is not known, is nothing", () => {
  expect([{}, { [`${PREFIX}status`]: "" }, { [`${PREFIX}status`]: "BYPASS" }].map(readCacheHeaders)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
