import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What a caller does: it asks, and leaves without a word. */
export interface Caller {
  /** Resolves when the first bytes of the answer have come. */
  answered: Promise<unknown>;
  leave(): void;
}

const CALL = `
  const { request } = require("node:http");
  const [url, body] = process.argv.slice(1);
  const headers = { "content-type": "application/json" };
  const asked = request(url, { method: "POST", headers }, (answer) => {
    answer.once("data", () => process.stdout.write("answered"));
  });
  asked.on("error", () => {});
  asked.end(body, () => process.stdout.write("asked"));
`;

/** A caller in a process of its own that is killed. */
export function processCaller(url: string, body: object): Caller {
  const child: ChildProcess = spawn(process.execPath, ["-e", CALL, url, JSON.stringify(body)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const answered = new Promise<void>((resolve) => {
    let said = "";
    child.stdout?.on("data", (text: Buffer) => {
      said += text.toString();
      if (said.includes("answered")) resolve();
    });
  });
  return { answered, leave: () => void child.kill("SIGKILL") };
}

/** A caller that closes its half of the connection, keeps the other open and does not read what comes. */
export function halfClosingCaller(url: string, body: object): Caller {
  return socketCaller(url, body, (socket) => {
    socket.pause();
    socket.end();
  });
}

/** A caller whose connection breaks. */
export function resettingCaller(url: string, body: object): Caller {
  return socketCaller(url, body, (socket) => socket.resetAndDestroy());
}

/** A caller that does not read what comes, and then leaves. */
export function lazyCaller(url: string, body: object): Caller {
  const socket = openSocket(url, body);
  return { answered: once(socket, "readable"), leave: () => void socket.destroy() };
}

function socketCaller(url: string, body: object, leave: (socket: Socket) => void): Caller {
  const socket = openSocket(url, body);
  return { answered: once(socket, "data"), leave: () => leave(socket) };
}

function openSocket(url: string, body: object): Socket {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const text = JSON.stringify(body);
  socket.on("error", () => {});
  socket.write(
    `POST ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  onTestFinished(() => void socket.destroy());
  return socket;
}
