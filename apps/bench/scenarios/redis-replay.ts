import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { startSlowLink } from "../upstream/slow-link.ts";
import { COST_USD, openStores, twoWindows } from "./redis-stores.ts";

const SOCKETS = 8;
const PAIRS_A_WRITE = 50;
const PING = "*1\r\n$4\r\nPING\r\n";
const PONG = "+PONG\r\n";

/**
 * Sends what the stores send for `pairs` reservations with their settlements, without the work of a client: Redis is
 * what it waits for. The bytes are those of one real pair, recorded, with other ids.
 */
export async function replayPairs(url: string, pairs: number): Promise<{ wallMs: number }> {
  const port = Number(new URL(url).port);
  const { bytes, id } = await recordPair(port);
  const writes = Math.ceil(pairs / PAIRS_A_WRITE / SOCKETS);
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => opened(port)));
  const batches = sockets.map(() => Array.from({ length: writes }, () => batchOf(bytes, id)));
  const start = performance.now();
  await Promise.all(sockets.map((socket, at) => send(socket, batches[at] ?? [])));
  const wallMs = performance.now() - start;
  for (const socket of sockets) socket.destroy();
  return { wallMs };
}

/** What goes over the wire for one pair, once scripts are loaded and the connection is used to it. */
async function recordPair(port: number): Promise<{ bytes: string; id: string }> {
  const link = await startSlowLink(port);
  const stores = await openStores(`redis://127.0.0.1:${link.port}`);
  const { budgetStore } = stores;
  let id = "";
  for (let time = 0; time < 3; time += 1) {
    link.sent.length = 0;
    id = randomBytes(16).toString("hex");
    await budgetStore.reserve(twoWindows("replayed"), id);
    budgetStore.sent?.(id);
    await budgetStore.settle(id, COST_USD);
  }
  const bytes = Buffer.concat(link.sent).toString("latin1");
  await stores.close();
  await link.close();
  if (!bytes.includes(id)) throw new Error("the recorded pair does not name its reservation");
  return { bytes, id };
}

/** Many pairs and a PING behind them; an id is as long as any other, so all lengths stay true. */
function batchOf(bytes: string, id: string): Buffer {
  const pairs = Array.from({ length: PAIRS_A_WRITE }, () => bytes.replaceAll(id, randomBytes(16).toString("hex")));
  return Buffer.from(pairs.join("") + PING, "latin1");
}

/** Two writes are on their way at any time, so that Redis never waits. */
async function send(socket: Socket, batches: readonly Buffer[]): Promise<void> {
  let at = 0;
  let answered = 0;
  let rest = "";
  const next = () => {
    const batch = batches[at];
    at += 1;
    if (batch !== undefined) socket.write(batch);
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on("error", reject);
  socket.on("data", (bytes: Buffer) => {
    rest += bytes.toString("latin1");
    const failure = /(?:^|\r\n)-(.*)\r\n/.exec(rest)?.[1];
    if (failure !== undefined) reject(new Error(failure));
    const pongs = rest.split(PONG).length - 1;
    rest = pongs > 0 ? rest.slice(rest.lastIndexOf(PONG) + PONG.length) : rest;
    for (let pong = 0; pong < pongs; pong += 1) next();
    answered += pongs;
    if (answered === batches.length) resolve();
  });
  next();
  next();
  await promise;
}

async function opened(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}
