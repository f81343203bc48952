import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bodyBytes, type Recording } from "./recordings.js";

const DROPPED = new Set(["content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"]);

/** A server that answers every request with the recording its `x-recording` header names, read by read. */
export interface ReplayServer {
  baseURL: string;
  close(): Promise<void>;
}

export async function startReplayServer(recordings: readonly Recording[]): Promise<ReplayServer> {
  const byName = new Map(recordings.map((recording) => [recording.name, recording]));
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      const recording = byName.get(String(request.headers["x-recording"]));
      if (recording === undefined) return void response.writeHead(500).end("no such recording");
      const headers = Object.entries(recording.response.headers).filter(([name]) => !DROPPED.has(name.toLowerCase()));
      response.writeHead(recording.response.status, Object.fromEntries(headers));
      const cuts = String(request.headers["x-cuts"] ?? "");
      const body = bodyBytes(recording);
      writePieces(response, pieces(body, cuts === "" ? recording.response.chunkSizes : cuts.split(",").map(Number)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pieces(body: Buffer, sizes: readonly number[] | undefined): Buffer[] {
  const list: Buffer[] = [];
  let start = 0;
  for (const size of sizes ?? []) {
    if (start >= body.length) break;
    list.push(body.subarray(start, start + size));
    start += size;
  }
  if (start < body.length) list.push(body.subarray(start));
  return list;
}

/** Each piece leaves the process before the next is written, so that the reader's reads follow the recording. */
function writePieces(response: ServerResponse, list: readonly Buffer[]): void {
  const [first, ...rest] = list;
  if (first === undefined) return void response.end();
  response.write(first, () => setImmediate(() => writePieces(response, rest)));
}
