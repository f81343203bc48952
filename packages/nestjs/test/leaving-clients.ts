import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { onTestFinished } from "vitest";

/** A client of its own that has asked, and leaves when it is told to. */
export interface LeavingClient {
  /** Resolves with the first bytes of the answer's body. */
  firstBytes: Promise<void>;
  leave(): void;
}

const SCRIPT = `
const [url, body] = process.argv.slice(1);
const request = require("node:http").request(url, { method: "POST", headers: { "content-type": "application/json" } });
request.on("response", (response) => response.once("data", () => process.stdout.write("data")));
request.end(body);
setInterval(() => {}, 1000);
`;

/** A process that asks; leaving kills it, so that only the operating system says goodbye. */
export function killedClient(url: string, body: object): LeavingClient {
  const child = spawn(process.execPath, ["-e", SCRIPT, url, JSON.stringify(body)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { firstBytes: once(child.stdout, "data").then(() => {}), leave: () => void child.kill("SIGKILL") };
}

/** A socket that asks; leaving closes the half that sends and goes on listening. */
export function halfClosingClient(url: string, body: object): LeavingClient {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const text = JSON.stringify(body);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${hostname}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  socket.on("error", () => {});
  socket.write(`${head.join("\r\n")}\r\n\r\n${text}`);
  onTestFinished(() => void socket.destroy());
  return { firstBytes: once(socket, "data").then(() => {}), leave: () => void socket.end() };
}
