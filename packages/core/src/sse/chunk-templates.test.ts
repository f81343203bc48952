import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCharacter } from "../../test/any-character.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { ChunkTemplate } from "./chunk-template.js";
import { ChunkTemplates } from "./chunk-templates.js";
import { EventDecoder } from "./event-decoder.js";

const line = (json: string) => `data: ${json}\n\n`;

/** What the template of one event makes of another one: its chunk, or undefined where it does not fit. */
function readBy(template: string, other: string): ChatChunk | undefined {
  const made = ChunkTemplate.of(template, JSON.parse(template) as ChatChunk);
  return made?.read(line(other), 0) ? made.copy() : undefined;
}

/** What the decoder makes of a stream, and what a parse of each event would. */
function decoded(events: readonly string[]): { chunks: ChatChunk[]; failure: string | undefined } {
  const decoder = new EventDecoder(1_000_000);
  const chunks = decoder.decode([Buffer.from(events.map(line).join(""))]);
  return { chunks, failure: decoder.failure?.code };
}

const parsed = (events: readonly string[]) => events.map((event) => JSON.parse(event) as ChatChunk);

const chunk = (delta: object, fields: object = {}) =>
  JSON.stringify({
    id: "gen-1",
    model: "a/b",
    created: 1,
    choices: [{ index: 0, delta, finish_reason: null }],
    ...fields,
  });
const content = (text: string) => chunk({ role: "assistant", content: text });

describe("what a template reads", () => {
  test.each<[string, (text: string) => object]>([
    ["content", (text) => ({ content: text })],
    ["reasoning beside empty content", (text) => ({ content: "", reasoning: text })],
    ["reasoning_content", (text) => ({ reasoning_content: text, reasoning_details: [] })],
    [
      "reasoning with details",
      (text) => ({ reasoning: text, reasoning_details: [{ type: "reasoning.text", text, index: 0 }] }),
    ],
    ["a summary", (text) => ({ reasoning_details: [{ type: "reasoning.summary", summary: text, index: 0 }] })],
    ["arguments of a call", (text) => ({ tool_calls: [{ index: 0, function: { arguments: text } }] })],
  ])("%s, whatever its text", (_name, delta) => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (first, second) => {
        const other = chunk(delta(second));
        expect(readBy(chunk(delta(first)), other)).toEqual(JSON.parse(other));
      }),
    );
  });

  test("the keys stand in the order of the line", () => {
    const other = '{"choices":[{"delta":{"content":"b","role":"assistant"},"index":0}],"id":"x"}';
    expect(JSON.stringify(readBy(other.replace('"b"', '"a"'), other))).toBe(other);
  });

  test("a text that stands elsewhere in the envelope too", () => {
    const event = (text: string) =>
      `{"id":"a","content":"a","choices":[{"index":0,"delta":{"text":"a","content":"${text}"}}],"a":"a"}`;
    expect(readBy(event("a"), event("b"))).toEqual(JSON.parse(event("b")));
  });

  test("of duplicate keys the last one counts, as in a parse", () => {
    const event = (first: string, last: string) =>
      `{"choices":1,"choices":[{"delta":{"content":"z"},"delta":{"content":"${first}","content":"${last}"}}]}`;
    expect(readBy(event("a", "b"), event("a", "c"))).toEqual(JSON.parse(event("a", "c")));
    expect(readBy(event("a", "b"), event("c", "b"))).toBeUndefined();
  });

  test("F89 __proto__ stays a property of its own", () => {
    const event = (text: string) => `{"__proto__":1,"choices":[{"delta":{"__proto__":"p","content":"${text}"}}]}`;
    const read = readBy(event("a"), event("b"));
    const delta = read?.choices?.[0]?.delta as object;
    expect([JSON.stringify(read), Object.hasOwn(delta, "__proto__"), Object.getPrototypeOf(delta)]).toEqual([
      event("b"),
      true,
      Object.prototype,
    ]);
  });

  test("escapes and lone surrogates, as a parse reads them", () => {
    for (const text of ["\\u0041", "\\ud83d", "\\ud83c\\udf0d🌍", '\\"', "\\\\", '\\\\\\"', "\\n\\/"]) {
      const other = '{"choices":[{"delta":{"content":"TEXT"}}]}'.replace("TEXT", () => text);
      expect(readBy('{"choices":[{"delta":{"content":"x"}}]}', other)).toEqual(JSON.parse(other));
    }
  });

  test.each([["a\u0001b"], ["a\tb"], ["\u0000"], ["\\x"], ["\\"], ["a\u001f0123456789abcdef"]])(
    "F15 what JSON forbids in a string is not read: %j",
    (text) => {
      const events = [content("x"), content("x").replace('"x"', () => `"${text}"`)];
      expect(() => parsed(events)).toThrow(SyntaxError);
      expect(decoded(events)).toEqual({ chunks: [JSON.parse(events[0] as string)], failure: "invalid_response" });
    },
  );

  test("an event whose blank line is not there yet is not read", () => {
    const template = ChunkTemplate.of(content("x"), JSON.parse(content("x")) as ChatChunk);
    const whole = line(content("y"));
    for (let end = 0; end < whole.length; end += 1) expect(template?.read(whole.slice(0, end), 0)).toBe(false);
    expect(template?.read(whole, 0)).toBe(true);
    expect(template?.copy()).toEqual(JSON.parse(content("y")));
  });
});

describe("what no template is made of", () => {
  test.each([
    ["an end", chunk({ content: "a" }).replace('"finish_reason":null', '"finish_reason":"stop"')],
    ["a usage", chunk({ content: "a" }, { usage: { cost: 1 } })],
    ["logprobs", '{"choices":[{"delta":{"content":"a"},"logprobs":{"content":[]}}]}'],
    ["two choices", '{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}'],
    ["two calls", chunk({ tool_calls: [{ function: { arguments: "a" } }, { function: { arguments: "b" } }] })],
    ["annotations", chunk({ content: "a", annotations: [{}] })],
    ["no text", chunk({ content: null })],
    ["no choice", chunk({}, { choices: [] })],
    ["a text under an escaped key only", '{"choices":[{"delta":{"cont\\u0065nt":"a"}}]}'],
    ["a text that is the probe itself", content("signalbox probe 0")],
  ])("%s", (_name, event) => {
    expect(ChunkTemplate.of(event, JSON.parse(event) as ChatChunk)).toBeUndefined();
  });

  test("a nesting as deep as a line can be is no trouble", () => {
    const deep = `{"choices":[{"delta":{"content":"a"}}],"x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
    expect(ChunkTemplate.of(deep, JSON.parse(deep) as ChatChunk)).toBeUndefined();
  });
});

test("chunks share nothing that can be changed, neither with one another nor with their template", () => {
  const event = (text: string) =>
    chunk({
      content: "",
      reasoning: text,
      reasoning_details: [{ text }],
      tool_calls: [{ function: { arguments: text } }],
    });
  const events = ["a", "b", "c"].map(event);
  const { chunks } = decoded(events);
  const spoil = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      spoil(Reflect.get(value, key));
      Reflect.set(value, key, "spoilt");
    }
  };
  for (const [index, found] of chunks.entries()) {
    expect(found).toEqual(JSON.parse(events[index] as string));
    spoil(found);
  }
});

test("where every event has another envelope, no more templates are made", () => {
  const templates = new ChunkTemplates();
  const vary = (at: number) => chunk({ content: "a" }, { created: at });
  for (let at = 0; at < 40; at += 1) templates.learn(vary(at), JSON.parse(vary(at)) as ChatChunk);
  expect(templates.read(line(vary(39)), 0)).toBeUndefined();
  expect(templates.read(line(vary(3)), 0)).toBeUndefined();
});

test("templates that are used make room for new ones", () => {
  const templates = new ChunkTemplates();
  for (let second = 0; second < 40; second += 1) {
    const event = (text: string) => chunk({ content: text }, { created: second });
    templates.learn(event("x"), JSON.parse(event("x")) as ChatChunk);
    for (let at = 0; at < 8; at += 1)
      expect(templates.read(line(event("y")), 0)?.copy()).toEqual(JSON.parse(event("y")));
  }
});

const text = fc.oneof(fc.string({ unit: anyCharacter, maxLength: 40 }), fc.constantFrom("", "a", '"', "\\", "content"));
const delta = fc.oneof(
  text.map((value) => ({ role: "assistant", content: value })),
  text.map((value) => ({
    content: "",
    reasoning: value,
    reasoning_details: [{ type: "reasoning.text", text: value }],
  })),
  text.map((value) => ({ tool_calls: [{ index: 0, function: { arguments: value } }] })),
  fc.record({ content: fc.option(text), annotations: fc.constant([]), __proto__: text }, { requiredKeys: [] }),
);
const event = fc.oneof(
  { weight: 8, arbitrary: delta.map((value) => chunk(value)) },
  { weight: 2, arbitrary: fc.tuple(delta, fc.nat(3)).map(([value, created]) => chunk(value, { created })) },
  fc.json().map((json) => `{"choices":${json}}`),
  text.map((value) => `{"choices":[{"delta":{"content":"a","content":${JSON.stringify(value)}}}]}`),
  text.map((value) => ` { "choices" : [ { "delta" : { "content" : ${JSON.stringify(value)} } } ] } `),
);

test("F01 any stream of any events gives what a parse of each gives, however it is cut", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), fc.array(fc.nat(300), { maxLength: 40 }), (events, sizes) => {
      const bytes = Buffer.from(events.map(line).join(""));
      const decoder = new EventDecoder(1_000_000);
      const chunks: ChatChunk[] = [];
      let at = 0;
      for (const size of sizes) {
        chunks.push(...decoder.decode([bytes.subarray(at, at + size)]));
        at += size;
      }
      chunks.push(...decoder.decode([bytes.subarray(at)]));
      expect({ chunks, failure: decoder.failure }).toEqual({ chunks: parsed(events), failure: undefined });
      expect(JSON.stringify(chunks)).toBe(JSON.stringify(parsed(events)));
    }),
    { numRuns: 2_000 },
  );
});
