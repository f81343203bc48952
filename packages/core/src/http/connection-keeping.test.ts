import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { RecordingSink, transportRequest } from "../../test/byte-sinks.js";
import { rawLoopback } from "../../test/loopback.js";
import { systemClock } from "./clock.js";
import { nodeTransport } from "./node-transport.js";
import type { TransportAnswer } from "./transport.js";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

function open() {
  const transport = nodeTransport({ clock: systemClock, env: {} });
  onTestFinished(() => transport.close?.());
  return transport;
}

async function textOf({ source }: TransportAnswer): Promise<string> {
  const sink = new RecordingSink();
  source.start(sink);
  expect(await sink.outcome).toBe("end");
  return sink.text;
}

test("a server that answers before it has read the request, and reads no more of it, keeps no connection", async () => {
  const { url, sockets } = await rawLoopback((socket) => {
    socket.once("data", () => {
      socket.pause();
      socket.write("HTTP/1.1 413 Payload Too Large\r\ncontent-length: 5\r\n\r\nlarge");
    });
  });
  const answer = await open()(transportRequest(url, { body: "x".repeat(32 * 1024 * 1024) }));
  expect(answer.status).toBe(413);
  expect(await textOf(answer)).toBe("large");
  const [socket] = sockets;
  socket?.resume();
  await once(socket as NonNullable<typeof socket>, "close");
  expect(socket?.bytesRead).toBeLessThan(32 * 1024 * 1024);
});

test("hints and trailers around an answer change nothing, and its connection is kept", async () => {
  const { url, sockets } = await rawLoopback((socket) => {
    socket.on("data", () => {
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n");
      socket.write(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-cost\r\n\r\n2\r\nok\r\n0\r\nx-cost: 1\r\n\r\n",
      );
    });
  });
  const transport = open();
  for (let time = 0; time < 3; time += 1) {
    const answer = await transport(transportRequest(url));
    expect([answer.status, answer.headers.link, await textOf(answer)]).toEqual([200, undefined, "ok"]);
  }
  expect(sockets).toHaveLength(1);
});

test("after a burst its connections are all kept for the next one", async () => {
  const { url, sockets } = await rawLoopback((socket) => void socket.on("data", () => socket.write(OK)));
  const transport = open();
  for (let time = 0; time < 2; time += 1) {
    await Promise.all(Array.from({ length: 300 }, async () => textOf(await transport(transportRequest(url)))));
  }
  expect(sockets).toHaveLength(300);
});
