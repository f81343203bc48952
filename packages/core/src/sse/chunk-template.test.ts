import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatChunk } from "../messages/chat-body.js";
import { ChunkTemplate } from "./chunk-template.js";

const template = (json: string) => ChunkTemplate.of(json, JSON.parse(json) as ChatChunk);
const line = (json: string) => `data: ${json}\n\n`;
const chunkOf = (delta: object) => ({ id: "x", choices: [{ index: 0, delta, finish_reason: null }] });
const jsonOf = (delta: object) => JSON.stringify(chunkOf(delta));

/** What a template of the first event reads of the second. */
const reread = (first: string, second: string) => readBy(template(first), line(second));
/** The chunk that a template reads; undefined where the event does not fit. */
const readBy = (made: ChunkTemplate | undefined, block: string, at = 0) =>
  made?.read(block, at) ? made.copy() : undefined;

describe("which events fit a template", () => {
  test("those that differ in their texts only", () => {
    expect(reread(jsonOf({ content: "a" }), jsonOf({ content: "b" }))).toEqual(chunkOf({ content: "b" }));
    expect(reread(jsonOf({ content: "a" }), jsonOf({ content: "" }))).toEqual(chunkOf({ content: "" }));
    const other = jsonOf({ content: "b" });
    for (const second of [
      other.replace('"id":"x"', '"id":"y"'),
      other.replace('"index":0', '"index":1'),
      other.replace('"content"', '"Content"'),
      other.replace("null", '"stop"'),
      other.replace(':"b"', ':["b"]'),
      other.replace(':"b"', ":null"),
      ` ${other}`,
      `${other} `,
    ]) {
      expect(reread(jsonOf({ content: "a" }), second), second).toBeUndefined();
    }
  });

  test.each([
    [{ content: "a" }, { content: "b" }],
    [{ reasoning: "a" }, { reasoning: "b" }],
    [{ reasoning_content: "a" }, { reasoning_content: "b" }],
    [
      { content: "", reasoning: "a", reasoning_details: [{ type: "t", text: "a" }] },
      { content: "", reasoning: "b", reasoning_details: [{ type: "t", text: "c" }] },
    ],
    [{ reasoning_details: [{ summary: "a", type: "t" }] }, { reasoning_details: [{ summary: "b", type: "t" }] }],
    [
      { tool_calls: [{ index: 1, function: { arguments: "a" } }] },
      { tool_calls: [{ index: 1, function: { arguments: "b" } }] },
    ],
    [
      { content: "a", tool_calls: [], reasoning_details: [] },
      { content: "b", tool_calls: [], reasoning_details: [] },
    ],
    [
      { content: "a", tool_calls: null, reasoning_details: null },
      { content: "b", tool_calls: null, reasoning_details: null },
    ],
  ])("texts may stand in every place: %j", (first, second) => {
    expect(reread(jsonOf(first), jsonOf(second))).toStrictEqual(chunkOf(second));
  });

  test("one that stands in the block whole, wherever it begins", () => {
    const [first, second] = [jsonOf({ content: "a" }), jsonOf({ content: "b" })];
    const made = template(first);
    const block = `${line(second)}${line(first)}rest`;
    expect(readBy(made, block)).toEqual(chunkOf({ content: "b" }));
    expect(made?.end).toBe(line(second).length);
    expect(readBy(made, block, made?.end)).toEqual(chunkOf({ content: "a" }));
    expect(made?.end).toBe(block.length - 4);
    expect(readBy(made, block, 1)).toBeUndefined();
    for (let length = 0; length < line(second).length; length += 1) {
      expect(readBy(made, line(second).slice(0, length))).toBeUndefined();
    }
  });
});

describe("the texts", () => {
  const [before, after] = jsonOf({ content: "|" }).split("|") as [string, string];
  const read = (raw: string) => reread(before + after, before + raw + after)?.choices?.[0]?.delta?.content;
  test.each([
    [String.raw`\"`, '"'],
    [String.raw`a\"b\\ `, 'a"b\\ '],
    [String.raw`\\\"}`, '\\"}'],
    [String.raw`\u00e9\n`, "é\n"],
    ["twelve chars", "twelve chars"],
    ["thirteen char", "thirteen char"],
    ["x".repeat(10_000), "x".repeat(10_000)],
    [" ", " "],
    ["\u2028é🌍\u007f", "\u2028é🌍\u007f"],
  ])("%j is %j", (raw, text) => {
    expect(read(raw)).toBe(text);
  });
  test.each([["\n"], ["a\nb"], ["\u001f"], ["\u0000"], [String.raw`\x`], [String.raw`\u12`]])(
    "%j is left to the parser",
    (raw) => {
      expect(read(raw)).toBeUndefined();
      expect(reread(before + after, before + raw + after)).toBeUndefined();
    },
  );
});

describe("what no template is made of", () => {
  test("an event without a text, or with something that a copy would share", () => {
    for (const delta of [{}, { content: null }, { content: "a", audio: {} }, { role: "assistant" }]) {
      expect(template(jsonOf(delta)), JSON.stringify(delta)).toBeUndefined();
    }
    expect(template('{"choices":[{"delta":{"content":"a"}}],"usage":{}}')).toBeUndefined();
  });
  test("an event whose texts stand in other places only", () => {
    expect(template('{"content":"a","choices":[{"delta":{}}]}')).toBeUndefined();
    expect(template('{"choices":[{"delta":{"content":"a","content":null}}]}')).toBeUndefined();
  });
  test("of keys that stand twice, the one that counts is read", () => {
    const twice = (a: string, b: string) => `{"choices":[{"delta":{"content":"${a}","content":"${b}"}}]}`;
    const made = template(twice("a", "b"));
    expect(readBy(made, line(twice("a", "c")))).toEqual(JSON.parse(twice("a", "c")));
    expect(readBy(made, line(twice("c", "b")))).toBeUndefined();
  });
  test("a text that another key gives its name to stays where it is", () => {
    const mixed = (a: string, b: string) => `{"content":"${a}","choices":[{"delta":{"content":"${b}"}}]}`;
    const made = template(mixed("a", "b"));
    expect(readBy(made, line(mixed("a", "c")))).toEqual(JSON.parse(mixed("a", "c")));
    expect(readBy(made, line(mixed("c", "b")))).toBeUndefined();
  });
  test("a text is told from what it is found by, even where no key could be read", () => {
    const event = (outer: string) =>
      `{"content":"${outer}","choices":[{"delta":{"cont\\u0065nt":"signalbox probe 0"}}]}`;
    expect(reread(event("a"), event("b"))).toBeUndefined();
  });
  test("texts that look like what texts are found by are texts", () => {
    for (let number = 0; number < 3; number += 1) {
      const probe = `signalbox probe ${number}`;
      for (const delta of [
        { content: probe },
        { reasoning: "a", content: probe },
        { reasoning: probe, content: "a" },
      ]) {
        const json = jsonOf(delta);
        const read = readBy(template(json), line(json));
        expect(read ?? chunkOf(delta)).toEqual(chunkOf(delta));
      }
    }
    const named = (text: string) => jsonOf({ reasoning: "signalbox probe 1", content: text });
    expect(reread(named("a"), named("b")) ?? chunkOf({ reasoning: "signalbox probe 1", content: "b" })).toEqual(
      chunkOf({ reasoning: "signalbox probe 1", content: "b" }),
    );
  });
});

test("every reading is the caller's own", () => {
  const delta = {
    content: "a",
    reasoning_details: [{ type: "t", text: "b" }],
    tool_calls: [{ index: 0, function: { arguments: "c" } }],
  };
  const made = template(jsonOf(delta));
  const spoil = (chunk: ChatChunk | undefined) => {
    const found = chunk?.choices?.[0]?.delta as typeof delta;
    found.content = "spoiled";
    (found.reasoning_details[0] as Record<string, unknown>).type = "spoiled";
    (found.tool_calls[0] as Record<string, unknown>).index = 7;
    (found.tool_calls[0]?.function as Record<string, unknown>).name = "spoiled";
    found.reasoning_details.push({ type: "more", text: "" });
    found.tool_calls.push({ index: 1, function: { arguments: "" } });
    Object.assign(chunk?.choices?.[0] as object, { finish_reason: "spoiled" });
    chunk?.choices?.push({});
    Object.assign(chunk as object, { id: "spoiled" });
  };
  for (let round = 0; round < 2; round += 1) {
    const chunk = readBy(made, line(jsonOf(delta)));
    expect(chunk).toEqual(chunkOf(delta));
    spoil(chunk);
  }
  const empty = { content: "a", reasoning_details: [], tool_calls: [] };
  const madeOfEmpty = template(jsonOf(empty));
  for (let round = 0; round < 2; round += 1) {
    const chunk = readBy(madeOfEmpty, line(jsonOf(empty)));
    expect(chunk).toEqual(chunkOf(empty));
    const read = chunk?.choices?.[0]?.delta as { tool_calls: unknown[]; reasoning_details: unknown[] };
    read.tool_calls.push({});
    read.reasoning_details.push({});
  }
});

test("a list is the caller's own where it is the only one", () => {
  const deltas = [
    { reasoning_details: [{ type: "t", text: "b" }] },
    { tool_calls: [{ index: 0, function: { arguments: "c" } }] },
  ];
  for (const delta of deltas) {
    const made = template(jsonOf(delta));
    for (let round = 0; round < 2; round += 1) {
      const chunk = readBy(made, line(jsonOf(delta)));
      expect(chunk).toEqual(chunkOf(delta));
      for (const list of Object.values(chunk?.choices?.[0]?.delta ?? {})) (list as unknown[]).push("spoiled");
    }
  }
});

test("the chunk that a template was made of stays its owner's", () => {
  const chunk = JSON.parse(jsonOf({ content: "a" })) as ChatChunk;
  const made = ChunkTemplate.of(jsonOf({ content: "a" }), chunk);
  Object.assign(chunk, { id: "spoiled" });
  expect(readBy(made, line(jsonOf({ content: "b" })))).toEqual(chunkOf({ content: "b" }));
});

test("whatever two events hold, the reading of one by the other's template is its parse, or none", () => {
  const text = fc.oneof(fc.constantFrom("a", "", '"', "\\", "signalbox probe 0", "signalbox probe 1"), fc.string());
  const place = fc.constantFrom("content", "reasoning", "reasoning_content", "refusal", "role");
  const delta = fc.record(
    {
      texts: fc.dictionary(place, fc.oneof(text, fc.constant(null)), { maxKeys: 3 }),
      details: fc.array(fc.dictionary(fc.constantFrom("text", "summary", "type"), text), { maxLength: 2 }),
      calls: fc.array(fc.record({ index: fc.nat(1), function: fc.record({ arguments: text }) }), { maxLength: 2 }),
    },
    { requiredKeys: ["texts"] },
  );
  const json = fc
    .tuple(delta, fc.constantFrom("x", "y"), fc.boolean())
    .map(([{ texts, details, calls }, id, idLast]) => {
      const choices = [{ delta: { ...texts, reasoning_details: details, tool_calls: calls } }];
      return JSON.stringify(idLast ? { choices, id } : { id, choices });
    });
  fc.assert(
    fc.property(json, json, (first, second) => {
      const made = template(first);
      for (const other of [first, second]) {
        const read = readBy(made, line(other));
        expect(read ?? JSON.parse(other)).toStrictEqual(JSON.parse(other));
      }
    }),
    { numRuns: 500 },
  );
});

test("its delta is the one object with the texts of the event read last, and an event that does not fit leaves it", () => {
  const delta = (text: string, more: string) => ({ content: text, reasoning: more });
  const made = template(jsonOf(delta("a", "b")));
  expect(made?.read(line(jsonOf(delta("c", "d"))), 0)).toBe(true);
  const found = made?.delta;
  expect(found).toEqual(delta("c", "d"));
  expect(made?.read(line(jsonOf(delta("e", "f")).replace('"id":"x"', '"id":"y"')), 0)).toBe(false);
  expect(made?.read(line(jsonOf(delta("e", "f"))).slice(0, -1), 0)).toBe(false);
  expect(made?.copy()).toEqual(chunkOf(delta("c", "d")));
  expect(made?.read(line(jsonOf(delta("e", "f"))), 0)).toBe(true);
  expect(made?.delta).toBe(found);
  expect(found).toEqual(delta("e", "f"));
});

test("no template is made of a chunk that tells of an error or whose choice is not the first", () => {
  const choice = { delta: { content: "a" } };
  for (const chunk of [
    { error: "x", choices: [choice] },
    { choices: [{ ...choice, error: "x" }] },
    { choices: [{ ...choice, index: 1 }] },
    { choices: [{ ...choice, finish_reason: "stop" }] },
  ])
    expect(template(JSON.stringify(chunk))).toBeUndefined();
  expect(template(JSON.stringify({ error: null, choices: [{ ...choice, error: null, index: 0 }] }))).toBeDefined();
});
