import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { RecordingSink, transportRequest } from "../../test/byte-sinks.js";
import { holding, httpLoopback, listen, rawLoopback } from "../../test/loopback.js";
import { ManualClock } from "../../test/manual-clock.js";
import { rejection } from "../../test/rejection.js";
import { type SelfSigned, selfSigned, trust } from "../../test/self-signed.js";
import { nodeTransport } from "./node-transport.js";
import type { Transport } from "./transport.js";

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

function open(options: { env?: Record<string, string> } = {}): Transport {
  const transport = nodeTransport({ clock, env: {}, ...options });
  onTestFinished(() => transport.close?.());
  return transport;
}

async function readAll(transport: Transport, url: string): Promise<string> {
  const { source } = await transport(transportRequest(url));
  const sink = new RecordingSink();
  source.start(sink);
  expect(await sink.outcome).toBe("end");
  return sink.text;
}

async function tlsLoopback({ cert, key }: SelfSigned) {
  const server = await listen(createTlsServer({ cert, key }, (_, response) => response.end("secret")));
  return { ...server, url: server.url.replace("http:", "https:") };
}

describe("keep-alive", () => {
  test("sequential requests share one connection", async () => {
    const { url, sockets } = await httpLoopback((_, response) => response.end("{}"));
    const transport = open();
    for (let index = 0; index < 20; index += 1) await readAll(transport, url);
    expect(sockets).toHaveLength(1);
  });

  test("concurrent requests do not wait for each other", async () => {
    const waiting: (() => void)[] = [];
    const { url, sockets } = await httpLoopback((_, response) => {
      waiting.push(() => response.end("{}"));
      if (waiting.length === 30) for (const answer of waiting) answer();
    });
    const transport = open();
    await Promise.all(Array.from({ length: 30 }, () => readAll(transport, url)));
    expect(sockets).toHaveLength(30);
  });

  test("F40 a kept connection that the server closes just as it is used again is replaced once", async () => {
    const { url, sockets } = await rawLoopback((socket, index) => {
      let requests = 0;
      socket.on("data", () => {
        requests += 1;
        if (index === 0 && requests === 2) socket.resetAndDestroy();
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    const transport = open();
    expect([await readAll(transport, url), await readAll(transport, url)]).toEqual(["ok", "ok"]);
    expect(sockets).toHaveLength(2);
  });

  test("F40 a server that closes the replacement as well is a connection failure", async () => {
    const { url, sockets } = await rawLoopback((socket, index) => {
      let requests = 0;
      socket.on("data", () => {
        requests += 1;
        if (index > 0 || requests === 2) socket.end();
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    const transport = open();
    await readAll(transport, url);
    expect(await rejection(transport(transportRequest(url)))).toMatchObject({
      code: "connection",
      phase: "before_headers",
    });
    expect(sockets).toHaveLength(2);
  });

  test("F40 a kept connection that breaks late is not tried again: the request may have run", async () => {
    const { url, sockets } = await rawLoopback((socket) => {
      let requests = 0;
      socket.on("data", () => {
        requests += 1;
        if (requests === 1) {
          socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
          return;
        }
        clock.advance(1_000);
        socket.end();
      });
    });
    const transport = open();
    await readAll(transport, url);
    expect((await rejection(transport(transportRequest(url)))).code).toBe("connection");
    expect(sockets).toHaveLength(1);
  });

  test("F40 a kept connection that breaks after a byte of the answer is not tried again", async () => {
    const { url, sockets } = await rawLoopback((socket) => {
      let requests = 0;
      socket.on("data", () => {
        requests += 1;
        if (requests === 2) socket.write("HTTP/1.1 2", () => socket.end());
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    const transport = open();
    await readAll(transport, url);
    const error = await rejection(transport(transportRequest(url)));
    expect(["connection", "invalid_response"]).toContain(error.code);
    expect(sockets).toHaveLength(1);
  });

  test("a request in the background does not keep the process alive, one that takes over its connection does", async () => {
    const held = holding();
    const { url, sockets } = await httpLoopback(held.listener);
    const transport = open();
    const live = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
    const answered = async (background: boolean) => {
      const answering = transport(transportRequest(url, { background }));
      const { response } = await held.next();
      for (const socket of sockets) socket.unref();
      const holdingOpen = live();
      response.end("{}");
      const sink = new RecordingSink();
      (await answering).source.start(sink);
      await sink.outcome;
      await new Promise((resolve) => setImmediate(resolve));
      return holdingOpen;
    };
    const background = await answered(true);
    expect([await answered(false), await answered(true)]).toEqual([background + 1, background]);
    expect(sockets).toHaveLength(1);
  });

  test("an idle connection does not keep the process alive, a running request does", async () => {
    const { url, sockets } = await httpLoopback((_, response) => {
      response.write("x");
      finish = () => response.end();
    });
    let finish = () => {};
    const transport = open();
    const { source } = await transport(transportRequest(url));
    const holdingOpen = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
    for (const socket of sockets) socket.unref();
    const running = holdingOpen();
    const sink = new RecordingSink();
    source.start(sink);
    finish();
    await sink.outcome;
    await new Promise((resolve) => setImmediate(resolve));
    expect(running - holdingOpen()).toBe(1);
  });
});

test("an answer that wants another protocol fails, and does not hang", async () => {
  const { url } = await rawLoopback((socket) => {
    socket.once("data", () =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    );
  });
  expect(await rejection(open()(transportRequest(url)))).toMatchObject({
    code: "connection",
    phase: "before_headers",
    detail: expect.stringContaining("closed without an answer"),
  });
  expect(clock.pending).toEqual([]);
});

describe("connecting", () => {
  test("a handshake that never ends is a connect timeout", async () => {
    const { port } = await rawLoopback(() => undefined);
    const failing = rejection(open()(transportRequest(`https://127.0.0.1:${port}/`, { connectMs: 10_000 })));
    await clock.waiting(10_000);
    clock.advance(10_000);
    expect(await failing).toMatchObject({ code: "timeout", phase: "connect", retryable: true });
    expect(clock.pending).toEqual([]);
  });

  test("connectMs does not run on once the socket is ready, nor on a kept one", async () => {
    const { url } = await httpLoopback((_, response) => response.end("{}"));
    const transport = open();
    await readAll(transport, url);
    const second = transport(transportRequest(url, { connectMs: 1_000, headersMs: 7_000 }));
    await clock.waiting(7_000);
    expect(clock.pending).toEqual([7_000]);
    (await second).source.destroy();
  });

  test("F36 a certificate that nobody vouches for is a connection failure without retry", async () => {
    const { url } = await tlsLoopback(selfSigned({ name: "127.0.0.1" }));
    const error = await rejection(open()(transportRequest(url)));
    expect(error).toMatchObject({
      code: "connection",
      retryable: false,
      cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
    expect(error.detail).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
  });

  test("F36 an expired certificate is a connection failure without retry", async () => {
    const certificate = selfSigned({ name: "127.0.0.1", fromYear: 2020, toYear: 2021 });
    trust(certificate);
    const { url } = await tlsLoopback(certificate);
    const error = await rejection(open()(transportRequest(url)));
    expect(error).toMatchObject({ code: "connection", retryable: false, cause: { code: "CERT_HAS_EXPIRED" } });
  });

  test("F36 a certificate for another host is a connection failure without retry", async () => {
    const certificate = selfSigned({ name: "other.example" });
    trust(certificate);
    const { url } = await tlsLoopback(certificate);
    const error = await rejection(open()(transportRequest(url)));
    expect(error).toMatchObject({
      code: "connection",
      retryable: false,
      cause: { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
  });

  test("a trusted certificate is accepted", async () => {
    const certificate = selfSigned({ name: "127.0.0.1" });
    trust(certificate);
    const { url } = await tlsLoopback(certificate);
    expect(await readAll(open(), url)).toBe("secret");
  });

  test("TLS spoken to a plain server is a connection failure without retry", async () => {
    const { port } = await httpLoopback((_, response) => response.end());
    const error = await rejection(open()(transportRequest(`https://127.0.0.1:${port}/`)));
    expect(error).toMatchObject({ code: "connection", retryable: false });
  });
});

describe("proxies", () => {
  test("HTTPS_PROXY is honoured, and its socket is ready only after the tunnel's handshake", async () => {
    const certificate = selfSigned({ name: "127.0.0.1" });
    trust(certificate);
    const target = await tlsLoopback(certificate);
    const asked: string[] = [];
    const proxy = await rawLoopback((socket) => {
      socket.once("data", (data) => {
        asked.push(data.toString().split("\r\n")[0] ?? "");
        const onward: Socket = connect(target.port, "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
          socket.pipe(onward).pipe(socket);
        });
        onward.on("error", () => socket.destroy());
      });
    });
    const text = await readAll(open({ env: { HTTPS_PROXY: proxy.url } }), target.url);
    expect([text, asked]).toEqual(["secret", [`CONNECT 127.0.0.1:${target.port} HTTP/1.1`]]);
  });

  test("NO_PROXY is honoured", async () => {
    const proxy = await rawLoopback(() => undefined);
    const { url } = await httpLoopback((_, response) => response.end("direct"));
    expect(await readAll(open({ env: { HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1" } }), url)).toBe("direct");
    expect(proxy.sockets).toHaveLength(0);
  });

  test("F38 a proxy that wants credentials is an invalid answer that says so", async () => {
    const proxy = await rawLoopback((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"));
    });
    const failing = open({ env: { HTTPS_PROXY: proxy.url } })(transportRequest("https://api.example.invalid/"));
    const error = await rejection(failing);
    expect(error).toMatchObject({ code: "invalid_response", retryable: false });
    expect(error.detail).toContain("proxy");
  });
});

test("close() ends kept connections", async () => {
  const { url, sockets } = await httpLoopback((_, response) => response.end("{}"));
  const transport = open();
  await readAll(transport, url);
  const closed = once(sockets[0] as Socket, "close");
  transport.close?.();
  await closed;
  expect(sockets).toHaveLength(1);
});
