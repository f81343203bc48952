import { describe, expect, test } from "vitest";
import { snapshots } from "../../../test/json-pieces.js";
import { PartialJsonParser } from "./partial-json-parser.js";

describe("sharing", () => {
  test("a new root each time; what is finished is the same object ever after", () => {
    const seen = snapshots(['{"done":{"x":[1,2]},"items":[{"a":1},', '{"b":"o', "pen", '"},{"c"', ":3}]", "}"]) as {
      done: object;
      items: object[];
    }[];
    expect(new Set(seen).size).toBe(seen.length);
    const end = seen.at(-1);
    for (const snapshot of seen) expect(snapshot.done).toBe(end?.done);
    for (const snapshot of seen) expect(snapshot.items[0]).toBe(end?.items[0]);
    expect(seen[3]?.items[1]).toBe(end?.items[1]);
    expect(seen[1]?.items[1]).not.toBe(seen[2]?.items[1]);
  });

  test("what is open and did not change is shared as well", () => {
    const [first, second] = snapshots(['{"open":{"list":[1,2', "2 ", " "]) as { open: { list: number[] } }[];
    const [, third, fourth] = snapshots(['{"open":{"list":[1,2', "2 ", " "]) as { open: object }[];
    expect(first?.open.list).toEqual([1]);
    expect(second?.open.list).toEqual([1, 22]);
    expect(third).not.toBe(fourth);
    expect(third?.open).toBe(fourth?.open);
  });

  test("two levels are new where a wrapper stands around the root", () => {
    const [first, second] = snapshots(['{"value":[1, ', " "], { newLevels: 2 }) as { value: unknown }[];
    expect(first?.value).toEqual(second?.value);
    expect(first?.value).not.toBe(second?.value);
  });
});

describe("linear work", () => {
  /** How many array slots and object keys are written while a text is read in pieces of 20 and shown after each. */
  function copied(json: string): number {
    let count = 0;
    const known = new WeakSet<object>();
    const parser = new PartialJsonParser();
    for (let at = 0; at < json.length; at += 20) {
      parser.feed(json.slice(at, at + 20));
      const open: unknown[] = [parser.snapshot()];
      for (let value = open.pop(); value !== undefined; value = open.pop()) {
        if (typeof value !== "object" || value === null || known.has(value)) continue;
        known.add(value);
        const items: unknown[] = Array.isArray(value) ? value : Object.values(value);
        count += items.length;
        // Only what is new can hold something new; the last item is the one that is open.
        open.push(...items.slice(-2));
      }
    }
    expect(parser.snapshot()).toEqual(JSON.parse(json));
    return count;
  }
  const shapes: [string, (size: number) => unknown][] = [
    ["numbers in one array", (size) => ({ n: Array.from({ length: size / 4 }, (_, i) => 100 + (i % 900)) })],
    [
      "objects in one array",
      (size) => ({ n: Array.from({ length: size / 64 }, (_, i) => ({ id: i, body: "x".repeat(40) })) }),
    ],
    [
      "keys in one object",
      (size) => Object.fromEntries(Array.from({ length: size / 20 }, (_, i) => [`key${i}`, `value${i}`])),
    ],
  ];
  test.each(shapes)("%s: four times the text is four times the copying, not more", (_name, shape) => {
    const [small, large] = [shape(100_000), shape(400_000)].map((value) => JSON.stringify(value));
    const growth = (large as string).length / (small as string).length;
    expect(copied(large as string) / copied(small as string)).toBeLessThan(growth * 1.075);
  });

  test("a string of any length is never copied: each piece is read once", () => {
    const parser = new PartialJsonParser();
    parser.feed('{"t":"');
    for (let piece = 0; piece < 20_000; piece++) expect(parser.feed("twenty characters..!")).toBe(20);
    expect((parser.snapshot() as { t: string }).t).toHaveLength(400_000);
  });
});
