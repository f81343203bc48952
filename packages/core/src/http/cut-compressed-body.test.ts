import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { HandSource, RecordingSink } from "../../test/byte-sinks.js";
import { createError } from "../errors/error-classes.js";
import { decodeContent } from "./content-encoding.js";

const text = Array.from({ length: 5_000 }, (_, index) => `word ${index * index} `).join("");
const compressed = [
  ["gzip", gzipSync(text)],
  ["deflate", deflateSync(text)],
  ["br", brotliCompressSync(text)],
] as const;

function open(encoding: string) {
  const source = new HandSource();
  const decoded = decodeContent(source, encoding);
  const sink = new RecordingSink();
  decoded?.start(sink);
  return { source, sink };
}

test.each(compressed)(
  "F22 F41 what had come of a %s body is handed over before the failure",
  async (encoding, body) => {
    const failure = createError("stream_truncated", "cut");
    const whole = open(encoding);
    whole.source.sink?.onBytes(body);
    whole.source.sink?.onError(failure);
    expect(await whole.sink.outcome).toBe(failure);
    expect(whole.sink.text).toBe(text);

    const part = open(encoding);
    part.source.sink?.onBytes(body.subarray(0, body.length - 100));
    part.source.sink?.onError(failure);
    expect(await part.sink.outcome).toBe(failure);
    expect(text.startsWith(part.sink.text)).toBe(true);
    expect(part.sink.text.length).toBeGreaterThan(text.length / 2);
  },
);

test.each(compressed)("F19 behind an abort nothing of a %s body is handed over", async (encoding, body) => {
  const { source, sink } = open(encoding);
  source.sink?.onBytes(body);
  source.sink?.onError(createError("aborted", "enough"));
  expect(await sink.outcome).toMatchObject({ code: "aborted" });
  await new Promise((resolve) => setImmediate(resolve));
  expect([sink.text, sink.calls]).toEqual(["", 1]);
});
