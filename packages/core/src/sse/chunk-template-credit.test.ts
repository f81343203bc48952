import { expect, test } from "vitest";
import type { ChatChunk } from "../messages/chat-body.js";
import { ChunkTemplates } from "./chunk-templates.js";

const chunkOf = (id: string) => ({ id, choices: [{ delta: { content: "a" } }] });
const jsonOf = (id: string) => JSON.stringify(chunkOf(id));
const lineOf = (id: string) => `data: ${jsonOf(id)}\n\n`;

function streamOf(...ids: string[]) {
  const templates = new ChunkTemplates();
  const learn = (...more: string[]) => {
    for (const id of more) templates.learn(jsonOf(id), JSON.parse(jsonOf(id)) as ChatChunk);
  };
  const reads = (id: string) => templates.read(lineOf(id), 0) !== undefined;
  learn(...ids);
  return { templates, learn, reads };
}
const times = (count: number, work: () => void) => {
  for (let round = 0; round < count; round += 1) work();
};

test("an event is read by any of the templates, and the end of it is told", () => {
  const { templates } = streamOf("a", "b", "c");
  for (const id of ["a", "b", "c"]) {
    const template = templates.read(`xx${lineOf(id)}${lineOf("a")}`, 2);
    expect([template?.copy(), template?.end]).toEqual([chunkOf(id), 2 + lineOf(id).length]);
  }
  expect(templates.read(lineOf("d"), 0)).toBeUndefined();
  expect(new ChunkTemplates().read(lineOf("a"), 0)).toBeUndefined();
});

test("four templates are made at once, one more for every eight events they read, the oldest giving way", () => {
  const { learn, reads } = streamOf("a", "b", "c", "d", "e");
  expect(["a", "b", "c", "d", "e"].map(reads)).toEqual([true, true, true, true, false]);
  times(3, () => reads("a"));
  learn("e");
  expect(reads("e")).toBe(false);
  expect(reads("a")).toBe(true);
  learn("e");
  expect(["e", "d", "c", "b", "a"].map(reads)).toEqual([true, true, true, true, false]);
});

test("however many events were read, no more than four are made at once", () => {
  const { learn, reads } = streamOf("a");
  times(100, () => reads("a"));
  learn("b", "c", "d", "e", "f");
  expect(["a", "b", "c", "d", "e", "f"].map(reads)).toEqual([false, true, true, true, true, false]);
  times(3, () => reads("b"));
  learn("f");
  expect(reads("f")).toBe(false);
  expect(reads("b")).toBe(true);
  learn("f");
  expect(reads("f")).toBe(true);
});

test("an event that no template can be made of costs as much, and leaves the others", () => {
  const { templates, learn, reads } = streamOf("a");
  times(3, () => templates.learn("{}", {}));
  expect(reads("a")).toBe(true);
  learn("b");
  expect(reads("b")).toBe(false);
});

test("sixteen events in a row without a template give them all up", () => {
  const miss = Array.from({ length: 15 }, (_, index) => `miss ${index}`);
  const { learn, reads } = streamOf("a", "b", "c", "d");
  learn(...miss);
  expect(reads("a")).toBe(true);
  learn(...miss);
  expect(reads("b")).toBe(true);
  learn(...miss, "one more");
  expect(["a", "b", "c", "d"].map(reads)).toEqual([false, false, false, false]);
});
