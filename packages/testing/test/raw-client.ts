import { connect, type Socket } from "node:net";
import type { Simulator } from "../src/index.js";
import { headers } from "./simulator-client.js";

/** What a bare TCP client saw of an answer. */
export interface RawAnswer {
  /** Each read of the socket, as it came. */
  reads: string[];
  text: string;
  /** The code of the socket's error, such as `ECONNRESET`. */
  error: string | undefined;
}

/** Sends a POST over a bare socket, so that reads, resets and half-closes are seen as they are. */
export function openSocket(simulator: Simulator, body: object): Socket {
  const { hostname, port, pathname } = new URL(simulator.baseURL);
  const payload = Buffer.from(JSON.stringify(body));
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const lines = [
    `POST ${pathname}/chat/completions HTTP/1.1`,
    `host: ${hostname}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${payload.length}`,
    "connection: close",
  ];
  socket.write(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), payload]));
  return socket;
}

/** Reads a socket to its end, however it ends. */
export function readToEnd(socket: Socket): Promise<RawAnswer> {
  const reads: string[] = [];
  let error: string | undefined;
  socket.on("data", (data: Buffer) => reads.push(data.toString()));
  socket.on("error", (cause: NodeJS.ErrnoException) => {
    error = cause.code;
  });
  socket.on("end", () => socket.end());
  return new Promise((resolve) => socket.on("close", () => resolve({ reads, text: reads.join(""), error })));
}

/** Resolves once the socket has received a text. */
export function received(socket: Socket, text: string): Promise<void> {
  let seen = "";
  return new Promise((resolve) => {
    socket.on("data", (data: Buffer) => {
      seen += data.toString();
      if (seen.includes(text)) resolve();
    });
  });
}
