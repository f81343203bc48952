import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { smallDeck } from "../../../test/small-deck.js";
import { info } from "../studio.js";
import { endRace, lanes, race } from "./race.js";

const input = smallDeck();

/** Runs that have begun and go on. */
const streams: ServerResponse[] = [];
const server = createServer((req, res) => {
  if (!req.url?.endsWith("/steps")) return void res.writeHead(200).end("[]");
  streams.push(res.writeHead(200, { "content-type": "text/event-stream" }));
  res.write(": here\n\n");
});

beforeEach(async () => {
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const { port } = server.address() as AddressInfo;
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => real(new URL(path, `http://127.0.0.1:${port}`), init));
  info.value = {
    answers: "simulator",
    model: "a/b",
    searchFee: 0,
    nestPort: undefined,
    faults: [],
  };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((down) => server.close(down));
  vi.unstubAllGlobals();
});

test("a comparison that is stopped has stopped lanes without a fault, and leaves out a server that is not there", async () => {
  const over = race(input);
  await vi.waitFor(() => expect(streams).toHaveLength(2));
  endRace();
  await over;
  const stopped = { state: "stopped", fault: undefined };
  expect(lanes.value).toMatchObject([
    { transport: "core", ...stopped },
    { transport: "express", ...stopped },
  ]);
});
