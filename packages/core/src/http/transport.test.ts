import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RecordingSink, transportRequest } from "../../test/byte-sinks.js";
import { bodyOf, holding, httpLoopback, rawLoopback } from "../../test/loopback.js";
import { ManualClock } from "../../test/manual-clock.js";
import { rejection } from "../../test/rejection.js";
import { transports } from "../../test/transports.js";
import type { Transport } from "./transport.js";

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";

describe.each(Object.keys(transports) as (keyof typeof transports)[])("transport over %s", (name) => {
  let clock: ManualClock;
  let transport: Transport;

  beforeEach(async () => {
    clock = new ManualClock();
    transport = await transports[name](clock);
  });
  afterEach(() => transport.close?.());

  async function read(url: string, fields: Parameters<typeof transportRequest>[1] = {}) {
    const answer = await transport(transportRequest(url, fields));
    const sink = new RecordingSink();
    answer.source.start(sink);
    return { answer, sink };
  }

  test("carries method, path, headers and body, and gives status, lower-case headers and body", async () => {
    const { url } = await httpLoopback(async (request, response) => {
      const seen = {
        method: request.method,
        url: request.url,
        key: request.headers.authorization,
        length: request.headers["content-length"],
      };
      response.writeHead(201, { "X-Generation-Id": "gen-1", "X-Many": ["a", "b"] });
      response.end(JSON.stringify({ ...seen, body: await bodyOf(request) }));
    });
    const { answer, sink } = await read(`${url}/v1/x?y=1`, {
      headers: { authorization: "Bearer k" },
      body: '{"text":"é"}',
    });
    expect(await sink.outcome).toBe("end");
    expect([answer.status, answer.headers["x-generation-id"], answer.headers["x-many"]]).toEqual([
      201,
      "gen-1",
      "a, b",
    ]);
    expect(JSON.parse(sink.text)).toEqual({
      method: "POST",
      url: "/v1/x?y=1",
      key: "Bearer k",
      length: "13",
      body: '{"text":"é"}',
    });
    expect(clock.pending).toEqual([]);
  });

  test("F31 a signal that has fired sends nothing", async () => {
    const { url, sockets } = await httpLoopback((_, response) => response.end());
    const reason = new Error("changed my mind");
    const error = await rejection(transport(transportRequest(url, { signal: AbortSignal.abort(reason) })));
    expect([error.code, error.name, error.cause, sockets.length]).toEqual(["aborted", "AbortError", reason, 0]);
  });

  test("F31 an abort before the headers closes the connection", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const controller = new AbortController();
    const failing = rejection(transport(transportRequest(url, { signal: controller.signal })));
    const held = await next();
    const reason = new Error("enough");
    controller.abort(reason);
    const error = await failing;
    await held.closed;
    expect([error.code, error.cause]).toEqual(["aborted", reason]);
    expect(clock.pending).toEqual([]);
  });

  test("F32 F19 an abort during the body closes the connection, and nothing is handed over after it", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const controller = new AbortController();
    const reading = read(url, { signal: controller.signal });
    const held = await next();
    held.response.write("one");
    const { sink } = await reading;
    await sink.saw("one");
    controller.abort("enough");
    const error = await sink.outcome;
    const calls = sink.calls;
    for (let index = 0; index < 100; index += 1) held.response.write("more");
    await held.closed;
    expect(error).toMatchObject({ code: "aborted", cause: "enough" });
    expect([sink.calls, sink.text]).toEqual([calls, "one"]);
  });

  test("F33 destroying the source closes the connection without a word", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const reading = read(url);
    const held = await next();
    held.response.write("one");
    const { answer, sink } = await reading;
    await sink.saw("one");
    answer.source.destroy();
    await held.closed;
    expect(sink.calls).toBe(1);
    expect(clock.pending).toEqual([]);
  });

  test("F20 a reset before the headers is a connection failure that may be retried", async () => {
    const { url } = await rawLoopback((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const error = await rejection(transport(transportRequest(url)));
    expect(error).toMatchObject({ code: "connection", phase: "before_headers", retryable: true });
  });

  test("F20 a refused connection keeps its code", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, "close");
    const error = await rejection(transport(transportRequest(`http://127.0.0.1:${port}/`)));
    expect(error).toMatchObject({ code: "connection", retryable: true, cause: { code: "ECONNREFUSED" } });
    expect(error.detail).toContain(`127.0.0.1:${port}`);
  });

  test("F22 a reset during the body is a cut stream", async () => {
    const { url, sockets } = await rawLoopback((socket) => {
      socket.once("data", () => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\none\r\n`));
    });
    const { sink } = await read(url);
    await sink.saw("one");
    sockets[0]?.resetAndDestroy();
    expect(await sink.outcome).toMatchObject({
      code: "stream_truncated",
      detail: "stream ended unexpectedly",
      phase: "streaming",
    });
    expect(sink.text).toBe("one");
  });

  test("F23 a chunked body without its end is a cut stream", async () => {
    const { url } = await rawLoopback((socket) => {
      socket.once("data", () => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\none\r\n`));
    });
    const { sink } = await read(url);
    expect(await sink.outcome).toMatchObject({ code: "stream_truncated", phase: "streaming" });
  });

  test("F23 a malformed chunk is a cut stream", async () => {
    const { url } = await rawLoopback((socket) => {
      socket.once("data", () => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\none\r\nzzzz\r\n`));
    });
    const { sink } = await read(url);
    expect(await sink.outcome).toMatchObject({ code: "stream_truncated" });
  });

  test("F24 a body shorter than its length is a cut stream", async () => {
    const { url } = await rawLoopback((socket) => {
      socket.once("data", () => socket.end(`${HEAD}content-length: 10\r\n\r\nshort`));
    });
    const { sink } = await read(url);
    expect(await sink.outcome).toMatchObject({ code: "stream_truncated" });
  });

  test("a body that its connection ends is whole", async () => {
    const { url } = await rawLoopback((socket) => {
      socket.once("data", () => socket.end(`${HEAD}connection: close\r\n\r\nall of it`));
    });
    const { sink } = await read(url);
    expect([await sink.outcome, sink.text]).toEqual(["end", "all of it"]);
  });

  test("an answer that is not HTTP is an invalid one", async () => {
    const { url } = await rawLoopback((socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n")));
    expect(await rejection(transport(transportRequest(url)))).toMatchObject({ code: "invalid_response" });
  });

  test("F25 no headers within headersMs is an idle timeout", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const failing = rejection(transport(transportRequest(url, { headersMs: 5_000, idleMs: 1 })));
    const held = await next();
    clock.advance(4_999);
    expect(held.request.destroyed).toBe(false);
    clock.advance(1);
    expect(await failing).toMatchObject({ code: "timeout", phase: "idle", retryable: true });
    await held.closed;
    expect(clock.pending).toEqual([]);
  });

  test("a header that cannot be sent rejects, and is not told", async () => {
    const failing = transport(transportRequest("http://127.0.0.1:9/", { headers: { "x-bad": "ca\nnary" } }));
    const error = await rejection(failing);
    expect([error.code, error.detail]).toEqual(["invalid_request", "the header x-bad is not legal"]);
  });

  test("F26 F28 F29 F42 silence is timed from the last byte, whatever that was", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const reading = read(url, { idleMs: 10_000 });
    const held = await next();
    held.response.write(": one");
    const { sink } = await reading;
    await sink.saw("one");
    for (const comment of [": two", ": three", ": four"]) {
      clock.advance(9_999);
      clock.jump(3_600_000);
      held.response.write(comment);
      await sink.saw(comment);
    }
    clock.advance(9_999);
    expect(sink.calls).toBe(4);
    clock.advance(1);
    expect(await sink.outcome).toMatchObject({ code: "timeout", phase: "idle" });
    await held.closed;
    expect(clock.pending).toEqual([]);
  });

  test("an answer as a whole is held to answerMs, keep-alives or not", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const reading = read(url, { headersMs: 0, answerMs: 30_000 });
    const held = await next();
    held.response.write("   ");
    const { sink } = await reading;
    await sink.saw("   ");
    clock.advance(30_000);
    expect(await sink.outcome).toMatchObject({ code: "timeout", phase: "first_token" });
    await held.closed;
  });

  test("F34 a body that nobody starts to read ends with the idle clock", async () => {
    const { listener, next } = holding();
    const { url } = await httpLoopback(listener);
    const answering = transport(transportRequest(url, { idleMs: 10_000 }));
    const held = await next();
    held.response.write("one");
    const answer = await answering;
    clock.advance(10_000);
    await held.closed;
    const sink = new RecordingSink();
    answer.source.start(sink);
    expect(await sink.outcome).toMatchObject({ code: "timeout", phase: "idle" });
  });

  test("F30 a source that is held back stands still, is not timed meanwhile, and goes on whole", async () => {
    const size = 8 * 1024 * 1024;
    const { url } = await httpLoopback((_, response) => response.end(Buffer.alloc(size, 97)));
    const { answer, sink } = await read(url, { idleMs: 10_000 });
    await sink.saw("a");
    answer.source.pause();
    clock.advance(60_000);
    expect(sink.text.length).toBeLessThan(size);
    answer.source.resume();
    expect(await sink.outcome).toBe("end");
    expect(sink.text.length).toBe(size);
  });

  test.each([301, 302, 303, 307, 308])(
    "F39 F87 a redirect (%i) is not followed, and only its address without query is told",
    async (status) => {
      const other = await httpLoopback((_, response) => response.end("{}"));
      const { url } = await httpLoopback((_, response) =>
        response.writeHead(status, { location: `${other.url}/login?token=secret#x` }).end(),
      );
      const error = await rejection(
        transport(transportRequest(url, { headers: { authorization: "Bearer sk-or-v1-canary" } })),
      );
      expect(error.code).toBe("invalid_response");
      expect(error.detail).toContain("redirect");
      expect(error.detail).toContain(`${other.url}/login`);
      expect(error.detail).not.toContain("secret");
      expect(other.sockets).toHaveLength(0);
    },
  );

  test("F95 nothing is left after success, failure and abort", async () => {
    const { url } = await httpLoopback((_, response) => response.end("{}"));
    const controller = new AbortController();
    const { sink } = await read(url, { signal: controller.signal });
    await sink.outcome;
    controller.abort();
    expect([sink.calls, clock.pending]).toEqual([2, []]);
  });
});
