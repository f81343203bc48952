import { brotliCompressSync, constants, createGzip, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { HandSource, RecordingSink, transportRequest } from "../../test/byte-sinks.js";
import { holding, httpLoopback } from "../../test/loopback.js";
import { ManualClock } from "../../test/manual-clock.js";
import { createError } from "../errors/error-classes.js";
import { decodeContent } from "./content-encoding.js";
import { nodeTransport } from "./node-transport.js";

const TEXT = JSON.stringify({ text: "çà et là 🌍 ".repeat(500) });

function decoding(encoding: string) {
  const wire = new HandSource();
  const source = decodeContent(wire, encoding);
  const sink = new RecordingSink();
  source?.start(sink);
  return { wire, source, sink };
}

test.each([
  ["gzip", gzipSync(TEXT)],
  ["x-gzip", gzipSync(TEXT)],
  ["GZIP", gzipSync(TEXT)],
  ["br", brotliCompressSync(TEXT)],
  ["deflate", deflateSync(TEXT)],
  ["deflate", deflateRawSync(TEXT)],
  ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
  ["identity", Buffer.from(TEXT)],
])("F41 %s is undone, in pieces of any size", async (encoding, bytes) => {
  const { wire, sink } = decoding(encoding);
  for (let at = 0; at < bytes.length; at += 7) wire.sink?.onBytes(bytes.subarray(at, at + 7));
  wire.sink?.onEnd();
  expect(await sink.outcome).toBe("end");
  expect(sink.text).toBe(TEXT);
});

test.each([
  ["corrupt gzip", Buffer.concat([gzipSync(TEXT).subarray(0, 40), Buffer.alloc(200, 7)])],
  ["gzip that ends early", gzipSync(TEXT).subarray(0, 60)],
  ["a plain body under the name of gzip", Buffer.from(TEXT)],
])("F41 %s is an invalid answer, and its connection is closed", async (_name, bytes) => {
  const { wire, sink } = decoding("gzip");
  wire.sink?.onBytes(bytes);
  wire.sink?.onEnd();
  expect(await sink.outcome).toMatchObject({ code: "invalid_response", detail: "the compressed body is corrupt" });
  expect(wire.destroyed).toBe(true);
});

test("an unknown encoding cannot be undone", () => {
  expect(decodeContent(new HandSource(), "exi")).toBeUndefined();
});

test("an empty compressed body is an empty body", async () => {
  const { wire, sink } = decoding("gzip");
  wire.sink?.onEnd();
  expect([await sink.outcome, sink.text]).toEqual(["end", ""]);
});

test("a failure of the connection passes through", async () => {
  const { wire, sink } = decoding("gzip");
  wire.sink?.onBytes(gzipSync(TEXT).subarray(0, 30));
  const error = createError("stream_truncated", "stream ended unexpectedly");
  wire.sink?.onError(error);
  expect(await sink.outcome).toBe(error);
});

test("a decoder that is full holds the connection back, and a reader that waits is not passed over", async () => {
  const { wire, source, sink } = decoding("gzip");
  source?.pause();
  expect(wire.paused).toBe(true);
  wire.sink?.onBytes(gzipSync(Buffer.alloc(4 * 1024 * 1024, 65)));
  wire.sink?.onEnd();
  expect(sink.calls).toBe(0);
  source?.resume();
  expect(await sink.outcome).toBe("end");
  expect(sink.text).toHaveLength(4 * 1024 * 1024);
});

test("after destroy nothing is handed over", async () => {
  const { wire, source, sink } = decoding("gzip");
  source?.destroy();
  wire.sink?.onBytes(gzipSync(TEXT));
  expect([wire.destroyed, sink.calls]).toEqual([true, 0]);
});

test("F41 compressed events arrive as the server flushes them", async () => {
  const { listener, next } = holding();
  const { url } = await httpLoopback(listener);
  const transport = nodeTransport({ clock: new ManualClock(), env: {} });
  const answering = transport(transportRequest(url));
  const { request, response } = await next();
  response.writeHead(200, { "content-encoding": "gzip", "content-type": "text/event-stream" });
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.pipe(response);
  gzip.write("data: one\n\n");
  const { source } = await answering;
  const sink = new RecordingSink();
  source.start(sink);
  await sink.saw("data: one\n\n");
  gzip.end("data: two\n\n");
  expect(await sink.outcome).toBe("end");
  expect([sink.text, request.method]).toEqual(["data: one\n\ndata: two\n\n", "POST"]);
});
