import { connect, type Socket } from "node:net";

/** A caller that is a socket and nothing else. */
export interface Caller {
  socket: Socket;
  /** Resolves with the first bytes of the answer. */
  answered: Promise<void>;
}

/** Asks for a stream over a connection of its own; `reading: false` takes no more than what the kernel holds. */
export function call(port: number, path: string, prompt: string, reading = true): Caller {
  const body = JSON.stringify(
    path === "/chat"
      ? { prompt, stream: true }
      : { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: prompt }], stream: true },
  );
  const socket = connect(port, "127.0.0.1");
  const answered = Promise.withResolvers<void>();
  socket.on("error", answered.reject);
  socket.on("close", () => answered.reject(new Error(`the server closed the connection of ${prompt}`)));
  answered.promise.catch(() => {});
  if (reading) socket.on("data", () => answered.resolve());
  else socket.once("readable", answered.resolve);
  socket.write(
    `POST ${path === "/chat" ? path : `${path}/chat/completions`} HTTP/1.1\r\nHost: soak\r\nx-user: ${prompt}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  return { socket, answered: answered.promise };
}
