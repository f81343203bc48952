import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server as NetServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server on 127.0.0.1 that ends with the test. */
export interface Loopback {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** Every socket that was accepted, in order. */
  sockets: Socket[];
}

/** Starts an HTTP server for the running test. */
export async function httpLoopback(listener: RequestListener): Promise<Loopback> {
  return listen(createServer({ keepAliveTimeout: 60_000 }, listener));
}

/** Starts a TCP server for the running test: what is written is up to `onSocket`. */
export async function rawLoopback(onSocket: (socket: Socket, index: number) => void): Promise<Loopback> {
  let index = 0;
  return listen(
    createNetServer((socket) => {
      socket.on("error", () => undefined);
      onSocket(socket, index++);
    }),
  );
}

/** Starts any server for the running test and closes it, with all its sockets, afterwards. */
export async function listen(server: Server | NetServer): Promise<Loopback> {
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, sockets };
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

/** A request that a server holds, until the test answers it. */
export interface Held {
  request: IncomingMessage;
  response: ServerResponse;
  /** Resolves when the client closes the connection. */
  closed: Promise<unknown>;
}

/** A listener, and a promise for each request in turn that it received. */
export function holding(): { listener: RequestListener; next(): Promise<Held> } {
  const held: Held[] = [];
  const waiting: ((held: Held) => void)[] = [];
  return {
    listener(request, response) {
      const entry = { request, response, closed: once(response, "close") };
      const waiter = waiting.shift();
      if (waiter) waiter(entry);
      else held.push(entry);
    },
    next: () => {
      const entry = held.shift();
      return entry ? Promise.resolve(entry) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}
