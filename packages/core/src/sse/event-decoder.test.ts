import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCharacter } from "../../test/any-character.js";
import { cutInto } from "../../test/cut-bytes.js";
import { bodyBytes, chatCases, chatRecordings, coreRecordings, haveRecordings } from "../../test/recordings.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { EventDecoder } from "./event-decoder.js";

const LONGEST = 64 * 1024 * 1024;

interface Decoded {
  chunks: ChatChunk[];
  done: boolean;
  failure: string | undefined;
}

/** What a decoder makes of pieces that come one read each. */
function decode(pieces: readonly Uint8Array[], maxEventBytes = LONGEST): Decoded {
  const decoder = new EventDecoder(maxEventBytes);
  const chunks: ChatChunk[] = [];
  for (const piece of pieces) chunks.push(...decoder.decode([piece]));
  chunks.push(...decoder.end());
  return { chunks, done: decoder.done, failure: decoder.failure?.detail };
}

const whole = (text: string) => decode([Buffer.from(text)]);
const A = { id: "a", choices: [{ delta: { content: "é🌍\u2028" } }] } as ChatChunk;
const B = { id: "b", choices: [] } as ChatChunk;
const DATA_A = `data: ${JSON.stringify(A)}`;
const DATA_B = `data: ${JSON.stringify(B)}`;

describe("lines", () => {
  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("F02 %s ends a line", (_name, end) => {
    expect(whole([": hi", "", DATA_A, "", DATA_B, "", "data: [DONE]", "", ""].join(end))).toEqual({
      chunks: [A, B],
      done: true,
      failure: undefined,
    });
  });

  test("F02 all line ends may be mixed", () => {
    expect(whole(`${DATA_A}\r\n\n${DATA_B}\r\r\ndata: [DONE]\n\r\n`)).toEqual({
      chunks: [A, B],
      done: true,
      failure: undefined,
    });
  });

  test("F02 a CR at the end of a read ends its event at once, and the LF after it is no second line", () => {
    const decoder = new EventDecoder(LONGEST);
    expect(decoder.decode([Buffer.from(`${DATA_A}\r\n\r`)])).toEqual([A]);
    expect(decoder.decode([Buffer.from(`\ndata: {"id":\r`)])).toEqual([]);
    expect(decoder.decode([Buffer.from(`\ndata: "c"}\r\n\r\n`)])).toEqual([{ id: "c" }]);
  });

  test("F03 a byte order mark is dropped at the start only", () => {
    expect(whole(`\ufeff${DATA_A}\n\n`).chunks).toEqual([A]);
    expect(whole('data: {"id":"\ufeffx"}\n\n').chunks).toEqual([{ id: "\ufeffx" }]);
    expect(whole(`${DATA_A}\n\n\ufeff${DATA_B}\n\n`).chunks).toEqual([A]);
  });

  test("F05 invalid UTF-8 becomes U+FFFD", () => {
    const bytes = Buffer.concat([Buffer.from('data: {"id":"'), Buffer.from([0xff]), Buffer.from('"}\n\n')]);
    expect(decode([bytes]).chunks).toEqual([{ id: "\ufffd" }]);
  });

  test("F06 comments are told and are not data, text that looks like one is", () => {
    const decoder = new EventDecoder(LONGEST);
    expect([decoder.decode([Buffer.from(": OPENROUTER PROCESSING\n\n")]), decoder.commented]).toEqual([[], true]);
    decoder.commented = false;
    expect(decoder.decode([Buffer.from('data: {"id":": OPENROUTER PROCESSING"}\n\n')])).toEqual([
      { id: ": OPENROUTER PROCESSING" },
    ]);
    expect(decoder.commented).toBe(false);
  });

  test("F07 the blank after the colon is optional", () => {
    expect(whole(`data:${JSON.stringify(A)}\n\ndata:   ${JSON.stringify(B)}  \n\n`).chunks).toEqual([A, B]);
  });

  test.each([["data:[DONE]"], ["data:   [DONE]  "], ["data: [DONE]\t"]])("F07 %j ends the stream", (line) => {
    expect(whole(`${line}\n\n`).done).toBe(true);
  });

  test("F08 data of several lines is joined", () => {
    expect(whole('data: {"id":\ndata:"a"\ndata\ndata: }\n\n').chunks).toEqual([{ id: "a" }]);
  });

  test("F09 id, retry and unknown fields are ignored, and so is an event without data", () => {
    expect(
      whole(`id: 7\nretry: 10\nfoo: bar\ndatax: {}\nevent: ping\n\nevent: message\ndata:\n\ndata: \n\n${DATA_A}\n\n`)
        .chunks,
    ).toEqual([A]);
  });

  test("F09 the event name error makes an error of any data, once", () => {
    expect(whole('event: error\ndata: {"error":{"code":529}}\n\ndata: {"id":"x"}\n\n').chunks).toEqual([
      { error: { code: 529 } },
      { id: "x" },
    ]);
    expect(whole('event: error\ndata: {"message":"busy"}\n\n').chunks).toEqual([{ error: { message: "busy" } }]);
    expect(whole("event: error\ndata: Bad gateway\n\n").chunks).toEqual([{ error: "Bad gateway" }]);
  });
});

describe("ends", () => {
  test("F12 a last event without a blank line counts when it is whole JSON", () => {
    expect([whole(`${DATA_A}\n\n${DATA_B}\n`).chunks, whole(`${DATA_A}\n\n${DATA_B}`).chunks]).toEqual([
      [A, B],
      [A, B],
    ]);
    expect(whole(`${DATA_A}\n\ndata: [DONE]`).done).toBe(true);
  });

  test("F14 a cut last event is left out, which is no failure of the decoder's", () => {
    expect(whole(`${DATA_A}\n\n${DATA_B.slice(0, -4)}`)).toEqual({ chunks: [A], done: false, failure: undefined });
  });

  test("F13 everything after [DONE] is ignored", () => {
    expect(whole(`${DATA_A}\n\ndata: [DONE]\n\n${DATA_B}\n\ndata: {broken\n\n`)).toEqual({
      chunks: [A],
      done: true,
      failure: undefined,
    });
  });

  test.each([["{unparsable}"], ["123"], ["[1]"], ["null"], ["plain"]])(
    "F15 an event of %j is a failure that does not show it, after what came before",
    (data) => {
      const { chunks, failure } = whole(`${DATA_A}\n\ndata: ${data}\n\n${DATA_B}\n\n`);
      expect([chunks, failure]).toEqual([[A], "an event of the stream is not a JSON object"]);
    },
  );
});

describe("sizes", () => {
  test("F16 an event of 5 MB in small reads arrives whole", () => {
    const event = { id: "x".repeat(5 * 1024 * 1024) };
    expect(decode(cutInto(Buffer.from(`data: ${JSON.stringify(event)}\n\n`), 16 * 1024)).chunks).toEqual([event]);
  });

  test("F16 an event beyond the bound is a failure, in one line or in many", () => {
    const line = Buffer.from(`data: {"id":"${"x".repeat(5_000)}"}\n\n`);
    expect(decode(cutInto(line, 100), 1_000).failure).toContain("too large");
    expect(decode(cutInto(Buffer.from(`data: ${"x".repeat(90)}\n`.repeat(50)), 100), 1_000).failure).toContain(
      "too large",
    );
    expect(decode(cutInto(Buffer.from(`${DATA_A}\n\n`.repeat(200)), 100), 1_000)).toMatchObject({ failure: undefined });
  });

  test("F17 F18 100,000 events in one read are one array", () => {
    const decoder = new EventDecoder(LONGEST);
    const chunks = decoder.decode([Buffer.from('data: {"id":"x"}\n\n'.repeat(100_000))]);
    expect([chunks.length, chunks.at(-1)]).toEqual([100_000, { id: "x" }]);
  });

  test("F89 __proto__ in an event stays a plain property", () => {
    const [chunk] = whole('data: {"__proto__":{"admin":true}}\n\n').chunks;
    expect([Object.hasOwn(chunk as object, "__proto__"), Reflect.get({}, "admin")]).toEqual([true, undefined]);
  });
});

const line = fc.oneof(
  fc.constantFrom("", ": comment", ":", "event: error", "id: 1", "data", "data: [DONE]", "data:[DONE] "),
  fc
    .record({ id: fc.string({ unit: anyCharacter, maxLength: 12 }), n: fc.integer() })
    .map((value) => `data: ${JSON.stringify(value)}`),
);
const stream = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r")), { maxLength: 20 }),
  )
  .map(([mark, lines]) => Buffer.from(`${mark ? "\ufeff" : ""}${lines.map(([text, end]) => text + end).join("")}`));

describe("F01 F04 cuts", () => {
  test("any stream gives equal events, however it is cut and however the pieces are grouped into reads", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(40), { maxLength: 40 }), fc.nat(3), (bytes, sizes, group) => {
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(new Uint8Array(bytes.subarray(at, at + size)));
          at += size;
        }
        pieces.push(bytes.subarray(at));
        const decoder = new EventDecoder(LONGEST);
        const chunks: ChatChunk[] = [];
        for (let read = 0; read < pieces.length; read += group + 1)
          chunks.push(...decoder.decode(pieces.slice(read, read + group + 1)));
        chunks.push(...decoder.end());
        expect({ chunks, done: decoder.done, failure: decoder.failure?.detail }).toEqual(decode([bytes]));
      }),
      { numRuns: 1_000 },
    );
  });

  test("a stream is the same at every single cut, and byte by byte", () => {
    const bytes = Buffer.from(
      `\ufeff: hi\r\n\r\n${DATA_A}\r\n\r\n${DATA_B}\r\rdata: {"id":\ndata: "é"}\n\ndata: [DONE]\n\n`,
    );
    const expected = decode([bytes]);
    expect(expected).toEqual({ chunks: [A, B, { id: "é" }], done: true, failure: undefined });
    for (let cut = 1; cut < bytes.length; cut += 1)
      expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
    expect(decode(cutInto(bytes, 1))).toEqual(expected);
  });
});

describe.skipIf(!haveRecordings)("recorded streams", () => {
  const streams = (list: ReturnType<typeof coreRecordings>) =>
    list.filter(({ response }) => (response.headers["content-type"] ?? "").includes("event-stream"));

  test.each(streams([...coreRecordings(), ...chatCases()]).map((recording) => [recording.name, recording] as const))(
    "F01 %s is the same at 40 cuts",
    (_name, recording) => {
      const bytes = bodyBytes(recording);
      const expected = decode([bytes]);
      const step = Math.max(1, Math.floor(bytes.length / 40));
      for (let cut = 1; cut < bytes.length; cut += step)
        expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
      expect(decode(cutInto(bytes, 13))).toEqual(expected);
      expect(JSON.stringify(expected.chunks)).not.toContain("\ufffd");
    },
  );

  test("F01 streams read in their recorded pieces are the same as in one", () => {
    const recorded = streams(chatRecordings()).filter(({ response }) => response.chunkSizes !== undefined);
    expect(recorded.length).toBeGreaterThan(100);
    for (const recording of recorded) {
      const bytes = bodyBytes(recording);
      let at = 0;
      const pieces: Buffer[] = [];
      for (const size of recording.response.chunkSizes ?? []) {
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      pieces.push(bytes.subarray(at));
      expect(decode(pieces)).toEqual(decode([bytes]));
    }
  });
});
