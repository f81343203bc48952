import { expect, test } from "vitest";
import { Bodies } from "../upstream/bodies.ts";

interface Delta {
  content?: string;
  reasoning?: string | null;
}

const bodies = new Bodies();

function read(name: string): { text: string; deltas: number; pieces: number; objects: Record<string, unknown>[] } {
  const body = bodies.get(name);
  const text = Buffer.concat([...(body?.writes ?? []), ...(body?.rest ?? [])]).toString("utf8");
  const lines = text.split("\n").filter((line) => line.startsWith("data: {"));
  const objects = lines.map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>);
  const deltas = objects.map(({ choices }) => (choices as { delta: Delta }[])[0]?.delta ?? {});
  const contents = deltas.map(({ content }) => content ?? "").filter((content) => content !== "");
  const filled = deltas.filter(({ content, reasoning }) => content || reasoning).length;
  return { text: contents.join(""), deltas: filled, pieces: contents.length, objects };
}

test.each(["single", "multibyte", "envelope", "short", "paced", "first", "held", "object-10", "object-100"])(
  "%s holds what readers are told to expect",
  (name) => {
    const { text, deltas, pieces } = read(name);
    expect({ chars: text.length, deltas, pieces }).toEqual(bodies.get(name)?.expect);
  },
);

test("every body ends with a finish, a usage with its cost and [DONE]", () => {
  const { objects } = read("single");
  expect(objects.at(-2)).toMatchObject({ choices: [{ finish_reason: "stop" }] });
  expect(objects.at(-1)).toMatchObject({ usage: { cost: 0.0000258 } });
  expect(bodies.get("single")?.writes.at(-1)?.toString("utf8")).toMatch(/\ndata: \[DONE\]\n\n$/);
});

test("events have about 320 bytes, one in twenty is reasoning", () => {
  const { objects } = read("single");
  const sizes = objects.slice(0, 20_000).map((object) => JSON.stringify(object).length + 8);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  expect(mean).toBeGreaterThan(300);
  expect(mean).toBeLessThan(340);
  expect((bodies.get("single")?.expect.deltas ?? 0) - (bodies.get("single")?.expect.pieces ?? 0)).toBe(1_000);
});

test("the multi-byte body is cut every 1,021 bytes, also inside of characters", () => {
  const writes = bodies.get("multibyte")?.writes ?? [];
  expect(new Set(writes.slice(0, -1).map(({ length }) => length))).toEqual(new Set([1_021]));
  // A byte 10xxxxxx continues a character.
  expect(writes.some((piece) => ((piece[0] ?? 0) & 0xc0) === 0x80)).toBe(true);
});

test("with an envelope of its own no two events share id or time", () => {
  const { objects } = read("envelope");
  expect(new Set(objects.slice(0, 20_000).map(({ id }) => id)).size).toBe(20_000);
  expect(new Set(objects.slice(0, 20_000).map(({ created }) => created)).size).toBe(20_000);
});

test("paced events are written one by one", () => {
  const { writes, expect: told } = bodies.get("paced") ?? { writes: [], expect: { deltas: Number.NaN } };
  expect(writes.length).toBe(told.deltas + 2);
});

test("an object body is one JSON object of that size", () => {
  const { text } = read("object-100");
  expect(text.length).toBeGreaterThan(100_000);
  expect(text.length).toBeLessThan(101_000);
  expect((JSON.parse(text) as { slides: unknown[] }).slides.length).toBeGreaterThan(100);
});
