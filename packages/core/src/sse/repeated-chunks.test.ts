import { describe, expect, test } from "vitest";
import type { ChatChunk } from "../messages/chat-body.js";
import { EventDecoder } from "./event-decoder.js";

const chunkOf = (content: string, id = "x") => ({ id, choices: [{ index: 0, delta: { content } }] });
const lineOf = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;
const line = (content: string, id?: string) => lineOf(chunkOf(content, id));
const SOME = line("1") + line("2") + line("3");

/** What a sink is told by one read after the other: whole chunks as they are, the texts of repeated ones. */
function told(...reads: string[]) {
  const decoder = new EventDecoder(1_000_000);
  const calls: (string | ChatChunk)[] = [];
  const counts = reads.map((read) =>
    decoder.read([Buffer.from(read)], {
      chunk: (chunk) => calls.push(chunk),
      repeated: ({ delta, copy }) => calls.push(`${delta.content}`) && copy,
    }),
  );
  return { calls, counts };
}

describe("which chunks are told as repeated ones", () => {
  test("those like the third or a later one, whether in one read or in many", () => {
    const texts = ["1", "2", "3", "4", "5"];
    const calls = [...texts.slice(0, 3).map((text) => chunkOf(text)), "4", "5"];
    expect(told(texts.map((text) => line(text)).join(""))).toEqual({ calls, counts: [5] });
    expect(told(...texts.map((text) => line(text)))).toEqual({ calls, counts: [1, 1, 1, 1, 1] });
    expect(told(line("1") + line("2"), line("3") + line("4"), line("5"))).toEqual({ calls, counts: [2, 2, 1] });
  });

  test("none like the first two only", () => {
    const others = [3, 4].map((number) => chunkOf("a", `${number}`));
    expect(told(`${line("1")}${line("2")}${others.map(lineOf).join("")}${line("5")}`).calls).toEqual([
      chunkOf("1"),
      chunkOf("2"),
      ...others,
      chunkOf("5"),
    ]);
  });

  test("also after any other line or event", () => {
    for (const between of [": hi\n\n", "event: x\n\n", "id: 7\n", lineOf({}), "\n"]) {
      expect(told(`${SOME}${between}${line("4")}`).calls.at(-1), between).toBe("4");
    }
  });

  test("none within an event that was begun, or that is named", () => {
    for (const begun of ["event: x\n", 'data: {"a":\n', "data:\n"]) {
      const { calls } = told(`${SOME}${begun}${line("4")}`);
      expect(calls.filter((call) => typeof call === "string")).toEqual([]);
    }
  });

  test("none like an event of several lines", () => {
    const split = line("a").replace(',"choices"', ',\ndata: "choices"');
    expect(told(split.repeat(4)).calls).toEqual(Array.from({ length: 4 }, () => chunkOf("a")));
  });
});

test("whatever stands in place of a list is handed on as it is", () => {
  for (const odd of ["odd", "", 7, true]) {
    const chunk = { choices: [{ index: 0, delta: { content: "a", reasoning_details: odd, tool_calls: odd } }] };
    expect(new EventDecoder(1_000_000).decode([Buffer.from(lineOf(chunk).repeat(4))]), String(odd)).toEqual(
      Array.from({ length: 4 }, () => chunk),
    );
  }
});
