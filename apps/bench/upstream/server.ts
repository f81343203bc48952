import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Bodies } from "./bodies.ts";
import type { Body, Expectation } from "./body.ts";
import { Pacer } from "./pacer.ts";

/** What the process says once, when it listens. */
export interface Listening {
  port: number;
  expect: Record<string, Expectation>;
}

const bodies = new Bodies();
const pacer = new Pacer();
const held = new Set<ServerResponse>();

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 120_000;
server.requestTimeout = 0;
server.listen(0, "127.0.0.1", 1_024, () => {
  const expect = Object.fromEntries(bodies.names.map((name) => [name, bodies.get(name)?.expect]));
  process.send?.({ port: (server.address() as AddressInfo).port, expect });
});

// The only message there is: let the held streams go.
process.on("message", () => {
  const rest = bodies.get("held")?.rest ?? [];
  for (const response of held) {
    for (const piece of rest) response.write(piece);
    response.end();
  }
  held.clear();
});
process.on("disconnect", () => process.exit());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const sent = Buffer.concat(pieces).toString("utf8");
  const name = /bench:([a-z]+(?:-\d+)?)/.exec(sent)?.[1] ?? "";
  const body = bodies.get(name);
  if (!body) {
    response.writeHead(404, { "content-type": "application/json" }).end(`{"error":{"message":"no body ${name}"}}`);
    return;
  }
  if (body.kind !== "json") return writeStream(body, response);
  // A client that only ever streams gets the same text as a stream.
  if (/"stream":\s*true/.test(sent)) return writeStream({ ...body, kind: "stream", writes: body.rest ?? [] }, response);
  const [whole = Buffer.alloc(0)] = body.writes;
  response.writeHead(200, { "content-type": "application/json", "content-length": whole.length }).end(whole);
}

async function writeStream(body: Body, response: ServerResponse): Promise<void> {
  // Held streams leave no socket behind: what is kept for reuse would hide in the next figure.
  if (body.kind === "held") response.setHeader("connection", "close");
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  if (body.kind === "paced") return pacer.add(response, body.writes);
  if (body.kind === "first") await writeFirst(body, response);
  else await writeAll(body.writes, response);
  if (body.kind === "held") held.add(response);
  else response.end();
}

async function writeFirst({ writes }: Body, response: ServerResponse): Promise<void> {
  // The first delta is reasoning; the first two make the first text arrive in a read of its own.
  for (const piece of writes.slice(0, 2)) response.write(piece);
  await new Promise((resolve) => setImmediate(resolve));
  await writeAll(writes.slice(2), response);
}

async function writeAll(writes: readonly Buffer[], response: ServerResponse): Promise<void> {
  for (const piece of writes) {
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
  }
}

/** Until more can be written, or the client is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  over.abort();
}
