import { once } from "node:events";
import { connect, constants, createServer, type Http2Server, type Http2ServerResponse } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { ScriptedSource } from "../../test/scripted-source.js";
import { createError } from "../errors/error-classes.js";
import { disconnectSignal } from "./disconnect-signal.js";
import { type PipeOptions, type PipeOutcome, pipeStream } from "./pipe-stream.js";

async function serve(source: ScriptedSource, options?: PipeOptions) {
  const outcome = Promise.withResolvers<PipeOutcome>();
  const signal = Promise.withResolvers<AbortSignal>();
  const server: Http2Server = createServer((req, res: Http2ServerResponse) => {
    signal.resolve(disconnectSignal(req, res));
    pipeStream(source.stream, res, options).then(outcome.resolve, outcome.reject);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const request = session.request({ ":path": "/" });
  request.setEncoding("utf8");
  const close = async () => {
    session.destroy();
    server.close();
    await once(server, "close");
  };
  return { request, outcome: outcome.promise, signal: signal.promise, [Symbol.asyncDispose]: close };
}

test("pipes over HTTP/2 without a Connection header", async () => {
  const source = new ScriptedSource().text("Hello").finish();
  await using served = await serve(source);
  const [headers] = (await once(served.request, "response")) as [Record<string, unknown>];
  let body = "";
  for await (const piece of served.request) body += piece as string;

  expect(headers).toMatchObject({ ":status": 200, "content-type": "text/event-stream; charset=utf-8" });
  expect(headers.connection).toBeUndefined();
  expect(body.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(await served.outcome).toMatchObject({ outcome: "finished" });
  expect((await served.signal).aborted).toBe(false);
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

test("a failed text answer resets its HTTP/2 stream", async () => {
  const source = new ScriptedSource().text("Hello");
  await using served = await serve(source, { format: "text" });
  served.request.on("error", () => {});
  await once(served.request, "data");
  source.fail(createError("provider_error", "broken"));
  await new Promise((resolve) => served.request.on("close", resolve));
  expect(served.request.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  expect(await served.outcome).toMatchObject({ outcome: "failed" });
});
