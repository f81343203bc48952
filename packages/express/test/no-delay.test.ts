import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import express from "express";
import { expect, onTestFinished, test, vi } from "vitest";
import { chatHandler } from "../src/index.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, postJson, simulate } from "./serve.js";

test(`${EXPRESS}: TCP_NODELAY is set towards the caller, where the server did not, and towards upstream`, async () => {
  const simulator = await simulate();
  const app = express().post("/chat", chatHandler({ client: clientOf(simulator) }));
  const server = createServer({ noDelay: false }, app);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const connect = vi.spyOn(Socket.prototype, "connect");
  const setNoDelay = vi.spyOn(Socket.prototype, "setNoDelay");
  onTestFinished(() => void vi.restoreAllMocks());

  const answer = await postJson(`http://127.0.0.1:${port}/chat`, { prompt: "Hi", stream: true });
  expect(await answer.text()).toContain("[DONE]");

  const towardsCaller = setNoDelay.mock.contexts.filter((socket) => (socket as Socket).localPort === port);
  expect(towardsCaller.length).toBeGreaterThan(0);
  const upstream = Number(new URL(simulator.baseURL).port);
  const opened = connect.mock.calls
    .map(([target]) => (Array.isArray(target) ? target[0] : target) as { port?: unknown; noDelay?: unknown })
    .filter((options) => Number(options.port) === upstream);
  expect(opened.map(({ noDelay }) => noDelay)).toEqual([true]);
});
