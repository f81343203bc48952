import { once } from "node:events";
import { connect, constants, createServer, type Http2Server, type Http2ServerResponse } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { ScriptedSource } from "../../test/scripted-source.js";
import { createError } from "../errors/error-classes.js";
import { disconnectSignal } from "./disconnect-signal.js";
import { type PipeOptions, type PipeOutcome, pipeStream } from "./pipe-stream.js";

const BLOCK = "x".repeat(64 * 1024);

async function serve(source: ScriptedSource, options?: PipeOptions) {
  const outcome = Promise.withResolvers<PipeOutcome>();
  const response = Promise.withResolvers<Http2ServerResponse>();
  const signal = Promise.withResolvers<AbortSignal>();
  const server: Http2Server = createServer((req, res: Http2ServerResponse) => {
    response.resolve(res);
    signal.resolve(disconnectSignal(req, res));
    pipeStream(source.stream, res, options).then(outcome.resolve, outcome.reject);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  session.on("error", () => {});
  const request = session.request({ ":path": "/" });
  request.setEncoding("utf8");
  request.on("error", () => {});
  const close = async () => {
    session.destroy();
    server.close();
    await once(server, "close");
  };
  return {
    session,
    request,
    response: response.promise,
    outcome: outcome.promise,
    signal: signal.promise,
    [Symbol.asyncDispose]: close,
  };
}

test("pipes over HTTP/2: no header of HTTP/1, no status message, and Node warns of nothing", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on("warning", onWarning);
  const source = new ScriptedSource().text("Hello").finish();
  await using served = await serve(source);
  const [headers] = (await once(served.request, "response")) as [Record<string, unknown>];
  let body = "";
  for await (const piece of served.request) body += piece as string;

  expect(headers).toMatchObject({ ":status": 200, "content-type": "text/event-stream; charset=utf-8" });
  for (const name of ["connection", "keep-alive", "transfer-encoding"]) expect(headers[name]).toBeUndefined();
  expect(body.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(await served.outcome).toMatchObject({ outcome: "finished" });
  expect((await served.signal).aborted).toBe(false);
  // Warnings are told a turn after what they are about.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});

test("each event that comes alone is a frame of its own, and silence is filled with pings", async () => {
  const clock = new ManualClock();
  const source = new ScriptedSource();
  await using served = await serve(source, { clock });
  await served.response;
  const seen: string[] = [];
  served.request.on("data", (piece: string) => seen.push(piece));
  for (let index = 0; index < 10; index++) {
    source.text(`word ${index}`);
    await turnUntil(() => seen.length > index);
    expect(seen[index]).toBe(`data: {"type":"text-delta","step":0,"text":"word ${index}"}\n\n`);
  }
  clock.advance(15_000);
  await turnUntil(() => seen.length > 10);
  expect(seen[10]).toBe(": ping\n\n");
  source.finish();
  await served.outcome;
  expect(clock.pending).toEqual([]);
});

test("a reset HTTP/2 stream aborts upstream", async () => {
  const source = new ScriptedSource().text("Hello");
  await using served = await serve(source);
  await once(served.request, "data");
  served.request.close(constants.NGHTTP2_CANCEL);
  await source.aborted;
  expect(await served.outcome).toMatchObject({ outcome: "disconnected" });
  expect((await served.signal).aborted).toBe(true);
});

test("a stream that is reset before the first event aborts upstream", async () => {
  const source = new ScriptedSource();
  await using served = await serve(source);
  await served.response;
  served.request.close(constants.NGHTTP2_CANCEL);
  await source.aborted;
  expect(await served.outcome).toMatchObject({ outcome: "disconnected" });
  expect((await served.signal).aborted).toBe(true);
});

test("a session whose connection breaks aborts upstream", async () => {
  const source = new ScriptedSource().text("Hello");
  await using served = await serve(source);
  await once(served.request, "data");
  served.session.destroy();
  await source.aborted;
  expect(await served.outcome).toMatchObject({ outcome: "disconnected" });
});

test("a client that never reads holds the stream back by its window, and aborts it when it leaves", async () => {
  const source = new ScriptedSource();
  for (let i = 0; i < 200 * 16; i++) source.text(BLOCK);
  const clock = new ManualClock();
  await using served = await serve(source, { clock });
  const answer = await served.response;
  await turnUntil(() => answer.writableNeedDrain);
  const taken = source.pulls;
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(source.pulls).toBe(taken);
  // The window of a stream is 64 KiB, and Node's session holds as much again.
  expect(taken * BLOCK.length).toBeLessThan(1024 * 1024);

  served.request.close(constants.NGHTTP2_CANCEL);
  await source.aborted;
  expect(await served.outcome).toMatchObject({ outcome: "disconnected" });
  expect(clock.pending).toEqual([]);
});

test("a slow client gets everything in the end", async () => {
  const source = new ScriptedSource();
  for (let i = 0; i < 16; i++) source.text(BLOCK);
  source.finish();
  await using served = await serve(source);
  const answer = await served.response;
  await turnUntil(() => answer.writableNeedDrain);
  let body = "";
  for await (const piece of served.request) body += piece as string;
  expect(body.length).toBeGreaterThan(16 * BLOCK.length);
  expect(body.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(await served.outcome).toMatchObject({ outcome: "finished" });
});

test("a failed text answer resets its HTTP/2 stream", async () => {
  const source = new ScriptedSource().text("Hello");
  await using served = await serve(source, { format: "text" });
  await once(served.request, "data");
  source.fail(createError("provider_error", "broken"));
  await new Promise((resolve) => served.request.on("close", resolve));
  expect(served.request.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  expect(await served.outcome).toMatchObject({ outcome: "failed" });
});
