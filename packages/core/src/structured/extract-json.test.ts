import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chatRecordings, haveRecordings } from "../../test/recordings.js";
import { extractJson, findJson } from "./extract-json.js";

const wanted = { title: "Solar {power}", slides: [{ body: "a ``` b" }] };
const json = JSON.stringify(wanted);

describe("S17 the object in what a model wrote", () => {
  test.each([
    ["alone", json],
    ["with space", `\n  ${json}\n\n`],
    ["indented", JSON.stringify(wanted, null, 2)],
    ["behind a byte order mark", `\uFEFF${json}`],
    ["in a fence", `\`\`\`json\n${json}\n\`\`\``],
    ["in a fence without a language", `\`\`\`\n${json}\n\`\`\``],
    ["in prose", `Here is the deck you asked for:\n\n${json}\n\nTell me if [1] you need {more}.`],
    ["behind thoughts", `<think>First {"title": "x"} …\n</think>\n${json}`],
    ["behind thoughts whose opening tag is in the prompt", `I could answer {"title": "x"}.\n</think>\n${json}`],
    ["behind a footnote", `As [1] says: ${json}`],
    ["behind an empty checkbox", `- [ ] write it\n${json}`],
    ["behind other code", `\`\`\`python\nx = {'a': 1}\n\`\`\`\n\`\`\`json\n${json}\n\`\`\``],
    ["with commas too many", json.replace("}]}", "},],}")],
  ])("%s", (_name, text) => {
    expect(extractJson(text)).toEqual(wanted);
  });

  test("a raw line break in a string is forgiven", () => {
    expect(extractJson('{"a":"one\ntwo"}')).toEqual({ a: "one\ntwo" });
  });

  test("an array counts where no object stands outside it", () => {
    expect(extractJson('Slides:\n[{"a":1},{"a":2}]')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test("several objects are all found, in order", () => {
    expect(findJson('{}{"location": "Paris"} and {"x":1}').values).toEqual([{}, { location: "Paris" }, { x: 1 }]);
  });

  test("a tag inside a string is no thought", () => {
    const tagged = { html: "a </think> b" };
    expect(extractJson(JSON.stringify(tagged))).toEqual(tagged);
    expect(extractJson(`\`\`\`json\n${JSON.stringify(tagged)}\n\`\`\``)).toEqual(tagged);
  });
});

describe("what is not there is not made up", () => {
  test.each([
    "",
    "   ",
    '<think>only thoughts {"a":1}</think>',
    '<think>never ending {"a":1}',
    "# Markdown\n\n- one\n- two",
    "null",
    "42",
    '"text"',
  ])("%s", (text) => {
    expect(findJson(text)).toEqual({ values: [], cut: false, broken: false });
  });

  test("a cut object is never completed, and nothing inside it is taken for the whole", () => {
    const long = JSON.stringify({ slides: [{ a: 1 }, { b: "x\\y\u00e9" }], n: 12 });
    for (let length = 2; length < long.length; length++) {
      expect(findJson(`Sure: ${long.slice(0, length)}`), long.slice(0, length)).toEqual({
        values: [],
        cut: true,
        broken: false,
      });
    }
  });

  test("nor is a malformed one, nor what is inside it", () => {
    expect(findJson('{"a": 1, b: {"c": 2}}')).toEqual({ values: [], cut: false, broken: true });
    expect(findJson("{'a': 1}")).toEqual({ values: [], cut: false, broken: false });
  });

  test("F89 a __proto__ key is dropped, however it is written", () => {
    for (const text of [
      '{"__proto__":{"x":1},"a":1}',
      '{"\\u005f_proto__":{"x":1},"a":1}',
      'see {"__pr\\u006fto__":{"x":1},"a":1} there',
    ]) {
      expect(Object.keys(extractJson(text) as object)).toEqual(["a"]);
    }
  });
});

test("any object survives any prose without brackets around it", () => {
  const prose = fc.string().map((text) => text.replace(/[[\]{}<>]/g, ""));
  fc.assert(
    fc.property(prose, fc.object(), prose, (before, value, after) => {
      const text = JSON.stringify(value);
      expect(extractJson(`${before}${text}${after}`)).toEqual(
        JSON.parse(text, (key, item: unknown) => (key === "__proto__" ? undefined : item)),
      );
    }),
  );
});

test("a million brackets take no more than one look each", () => {
  expect(findJson("[".repeat(1_000_000)).values).toEqual([]);
  expect(findJson("{a".repeat(300_000)).values).toEqual([]);
  expect(findJson('{"a":"'.repeat(100_000)).broken).toBe(true);
});

// The recorded traffic is not part of a checkout.
describe.skipIf(!haveRecordings)("recorded answers", () => {
  const calls = chatRecordings().flatMap(({ name, expect: reading }) =>
    (reading.toolCalls ?? []).filter((call) => call.name === "structured_output").map((call) => ({ name, call })),
  );

  test("the arguments of every recorded structured_output call are read", () => {
    expect(calls.length).toBeGreaterThan(40);
    for (const { name, call } of calls) {
      const raw = call.argumentsRaw ?? JSON.stringify(call.arguments);
      const { values, cut } = findJson(raw);
      if (call.argumentsInvalid) expect(values.length === 0 || cut || values.length > 1, name).toBe(true);
      else expect(values[0], name).toEqual(call.arguments);
    }
  });

  test("every recorded object in a text is found", () => {
    const texts = chatRecordings()
      .map((recording) => recording.expect.text ?? "")
      .filter((text) => text.trim().startsWith("{") && text.trim().endsWith("}"));
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(extractJson(text)).toEqual(JSON.parse(text));
  });
});
