import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import { LLMClient, type LLMClientOptions } from "../src/index.js";
import { rawLoopback } from "./loopback.js";
import { ManualClock } from "./manual-clock.js";

/** The head of a stream whose body comes in HTTP chunks. */
export const STREAM_HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-generation-id: gen-head\r\ntransfer-encoding: chunked\r\n\r\n";

/** One HTTP chunk. */
export const chunked = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** One HTTP chunk with one event that holds a piece of text. */
export const deltaChunk = (content: string): string =>
  chunked(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);

/** A whole answer of the model as one HTTP message. */
export const wholeAnswer = (content = "fine"): string => {
  const body = JSON.stringify({ choices: [{ index: 0, message: { content }, finish_reason: "stop" }] });
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

/**
 * A TCP server that hands every request that has arrived whole to the test, with its number, and a client of it whose
 * clock the test moves and whose jitter is nil. Both end with the test.
 */
export async function rawUpstream(onRequest: (socket: Socket, count: number) => void, options: LLMClientOptions = {}) {
  const requests: string[] = [];
  const { url, sockets } = await rawLoopback((socket) => {
    let text = "";
    socket.on("data", (data) => {
      text += data.toString("latin1");
      const head = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text.slice(0, Math.max(0, head)))?.[1] ?? 0);
      if (head === -1 || text.length < head + 4 + length) return;
      requests.push(text);
      text = "";
      onRequest(socket, requests.length);
    });
  });
  const clock = new ManualClock();
  clock.fixedRandom = 0;
  const llm = new LLMClient({ apiKey: "sk-or-v1-canary", baseURL: `${url}/api/v1`, env: false, clock, ...options });
  onTestFinished(() => llm.close());
  return { llm, clock, requests, sockets };
}

/** Waits for `work`, and lets every wait of no length that is due on the way pass. */
export async function settle<T>(work: Promise<T>, clock: ManualClock): Promise<T> {
  let over = false;
  const done = () => {
    over = true;
  };
  work.then(done, done);
  while (!over) {
    clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return work;
}
