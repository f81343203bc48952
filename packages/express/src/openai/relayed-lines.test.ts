import { ConnectionError } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { RelayedLines } from "./relayed-lines.js";

const CHUNK =
  'data: {"choices":[{"delta":{"content":"Grüße, 世界 \\"finish_reason\\":\\"stop\\""},"finish_reason":null}]}\n\n';
const FINISH = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n';
const WHOLE = `: OPENROUTER PROCESSING\n\n${CHUNK}${CHUNK}${FINISH}data: [DONE]\n\n`;

async function* pieces(text: string, cuts: readonly number[], failure?: Error): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const bounds = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < bounds.length; index++) yield bytes.subarray(bounds[index - 1], bounds[index]);
  if (failure !== undefined) throw failure;
}

async function relayed(source: AsyncIterable<Uint8Array>): Promise<string[]> {
  const lines = new RelayedLines();
  const blocks: (Buffer | undefined)[] = [];
  try {
    for await (const bytes of source) blocks.push(lines.take(bytes));
    blocks.push(lines.end());
  } catch (error) {
    blocks.push(lines.fail(error));
  }
  return blocks.filter((block) => block !== undefined && block.length > 0).map(String);
}

const errorEvents = (text: string) => text.split("\n").filter((line) => line.startsWith('data: {"error"'));

describe("a whole stream", () => {
  test("whose lines end in CR is not held back", () => {
    const text = WHOLE.replaceAll("\n", "\r");
    const lines = new RelayedLines();
    const end = text.lastIndexOf("\r", 59) + 1;
    expect(String(lines.take(Buffer.from(text.slice(0, 60))))).toBe(text.slice(0, end));
    expect(String(lines.take(Buffer.from(text.slice(60))))).toBe(text.slice(end));
    expect(lines.end()).toHaveLength(0);
  });

  test("comes out byte for byte and line by line, wherever its bytes were cut", async () => {
    const length = Buffer.byteLength(WHOLE);
    for (let first = 1; first < length; first++) {
      const blocks = await relayed(pieces(WHOLE, [first, (first * 7) % length]));
      expect(blocks.join("")).toBe(WHOLE);
      expect(blocks.every((block) => block.endsWith("\n"))).toBe(true);
    }
  });

  test.each([
    ["without [DONE]", CHUNK + FINISH],
    ["that tells its error in a choice", `${CHUNK}data: {"choices":[{"delta":{},"error":{"message":"down"}}]}\n\n`],
    ["without a last line end", `${CHUNK}data: [DONE]`],
    ["that tells its error itself", `${CHUNK}data: {"error":{"code":502,"message":"down"},"choices":[]}\n\n`],
    ["that tells its error in a word", `${CHUNK}data: {"error": "down"}\n\n`],
  ])("%s gets nothing added", async (_which, text) => {
    expect((await relayed(pieces(text, []))).join("")).toBe(text);
  });
});

describe("a stream that breaks off", () => {
  test.each([
    ["an error", '{"type":"tool","data":{"error":{"code":1}}}'],
    ["a finish word", '{"type":"tool","data":{"finish_reason":"stop"}}'],
  ])("does not pass for whole because an object inside it holds %s", async (_what, detail) => {
    const nested = `data: {"choices":[{"delta":{"reasoning_details":[${detail}]},"finish_reason":null}]}\n\n`;
    const text = (await relayed(pieces(nested + CHUNK, []))).join("");
    expect(errorEvents(text)).toHaveLength(1);
  });

  test("within a finish word loses that line", async () => {
    const whole = Buffer.byteLength(CHUNK);
    const text = (await relayed(pieces(CHUNK + FINISH.slice(0, FINISH.indexOf("op")), [whole]))).join("");
    expect([text.includes('"finish_reason":"st'), errorEvents(text).length]).toEqual([false, 1]);
  });

  test("behind a line that ends in CR has a blank line before its error", async () => {
    const text = (await relayed(pieces(CHUNK.replace("\n\n", "\r"), []))).join("");
    expect(text.replaceAll("\r\n", "\n")).toMatch(/\}\n\ndata: \{"error"/);
  });

  test("anywhere after its first line ends with exactly one error event and no broken line", async () => {
    const body = Buffer.from(CHUNK + CHUNK);
    for (let end = CHUNK.indexOf("\n") + 20; end < body.length; end++) {
      const cut = body.subarray(0, end).toString("latin1");
      const bytes = (async function* () {
        yield body.subarray(0, end);
      })();
      const text = (await relayed(bytes)).join("");
      expect(errorEvents(text)).toHaveLength(1);
      expect(JSON.parse((errorEvents(text)[0] as string).slice(6))).toMatchObject({
        error: { code: "stream_truncated" },
      });
      for (const line of text.split("\n").filter((each) => each.startsWith("data: "))) JSON.parse(line.slice(6));
      expect(cut.startsWith("data: ")).toBe(true);
    }
  });

  test("with a failure tells that one", async () => {
    const failure = new ConnectionError("connection", "reset");
    const text = (await relayed(pieces(CHUNK + FINISH, [], failure))).join("");
    expect(errorEvents(text)).toEqual([
      'data: {"error":{"message":"The model service could not be reached.","type":"connection","code":"connection","param":null}}',
    ]);
  });

  test("after its [DONE] gets nothing added", async () => {
    const failure = new ConnectionError("connection", "reset");
    expect((await relayed(pieces(WHOLE, [], failure))).join("")).toBe(WHOLE);
  });

  test.each([
    ["nothing", "", undefined, "stream_truncated"],
    ["half a line", "data: {", undefined, "stream_truncated"],
    ["a failure of its own", "", new ConnectionError("connection", "reset"), "connection"],
    ["a failure of others", "da", new TypeError("terminated"), "stream_truncated"],
  ])("with %s before its first line is thrown", async (_what, text, failure, code) => {
    await expect(relayed(pieces(text, [], failure))).rejects.toMatchObject({ code });
  });
});
