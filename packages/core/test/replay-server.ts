import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cutAfter } from "./cut-bytes.js";
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
      // A date of today would correct the clock that a recording is read by.
      response.sendDate = false;
      response.writeHead(recording.response.status, Object.fromEntries(headers));
      writePieces(response, cutAfter(bodyBytes(recording), recording.response.chunkSizes ?? []));
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

/** Between two pieces the event loop polls once, so that a reader in this process reads each by itself. */
function writePieces(response: ServerResponse, list: readonly Buffer[]): void {
  const [first, ...rest] = list;
  if (first === undefined) return void response.end();
  response.write(first, () => setImmediate(() => setImmediate(() => writePieces(response, rest))));
}
