import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { COMMENT, closingEvents, deltaOf, FIXED_ENVELOPE, textEvent } from "../upstream/chunk-events.ts";

/** What the process says once, when it listens. */
export interface RelayUpstream {
  port: number;
  /** Of the whole unpaced body. */
  bytes: number;
}

const CHUNKS = 1_000;
const PACED_CHUNKS = 150;
const EVERY_MS = 20;
/** Streams take turns, so that not all of them write in the same turn of the event loop. */
const GROUPS = 4;

const unpaced = [
  COMMENT,
  ...Array.from({ length: CHUNKS }, (_, index) => textEvent(deltaOf(index, "latin").text, FIXED_ENVELOPE)),
  ...closingEvents(FIXED_ENVELOPE),
].map((text) => Buffer.from(text));

const server = createServer((request, response) => {
  let sent = "";
  request.setEncoding("utf8").on("data", (text: string) => {
    sent += text;
  });
  request.on("end", () => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (sent.includes("bench:paced")) pace(response);
    else writeAll(response, 0);
  });
});
server.listen(0, "127.0.0.1", 1_024, () => {
  const bytes = unpaced.reduce((sum, { length }) => sum + length, 0);
  process.send?.({ port: (server.address() as AddressInfo).port, bytes } satisfies RelayUpstream);
});
process.on("disconnect", () => process.exit());

/** Every event is a write of its own, as fast as the reader takes them. */
function writeAll(response: ServerResponse, from: number): void {
  for (let at = from; at < unpaced.length; at += 1) {
    if (response.write(unpaced[at] as Buffer)) continue;
    response.once("drain", () => writeAll(response, at + 1));
    return;
  }
  response.end();
}

const groups: Set<{ response: ServerResponse; left: number }>[] = Array.from({ length: GROUPS }, () => new Set());
let turn = 0;
let timer: NodeJS.Timeout | undefined;

function pace(response: ServerResponse): void {
  response.write(COMMENT);
  const smallest = groups.toSorted((a, b) => a.size - b.size)[0];
  smallest?.add({ response, left: PACED_CHUNKS });
  timer ??= setInterval(tick, EVERY_MS / GROUPS);
}

/** Each event carries the time when it was written, on the clock that all processes of a machine share. */
function tick(): void {
  turn += 1;
  const group = groups[turn % GROUPS];
  for (const stream of group ?? []) {
    stream.response.write(textEvent(`at:${process.hrtime.bigint()}`, FIXED_ENVELOPE));
    stream.left -= 1;
    if (stream.left > 0) continue;
    stream.response.end(closingEvents(FIXED_ENVELOPE).join(""));
    group?.delete(stream);
  }
  if (groups.some(({ size }) => size > 0)) return;
  clearInterval(timer);
  timer = undefined;
}
