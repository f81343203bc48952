import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { Express } from "express";
import { describe, expect, onTestFinished, test } from "vitest";
import { chatHandler, llmMiddleware, openAICompatible } from "../src/index.js";
import { lazyCaller } from "./callers.js";
import { compress } from "./compress.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, serve, simulate } from "./serve.js";

const PIECE = 8192;
const PIECES = 8000;
/** What a stream may hold between upstream's socket and the caller's: what is read ahead, one write, the sockets' own. */
const HELD = 1024 * 1024;

const ROADS: readonly [string, string, (app: Express, client: ReturnType<typeof clientOf>) => void][] = [
  ["chatHandler()", "/chat", (app, client) => app.use(llmMiddleware(client)).post("/chat", chatHandler())],
  [
    "chatHandler({ format: openai })",
    "/chat",
    (app, client) => app.use(llmMiddleware(client)).post("/chat", chatHandler({ format: "openai" })),
  ],
  [
    "chatHandler() behind compression()",
    "/chat",
    (app, client) => app.use(compress()).use(llmMiddleware(client)).post("/chat", chatHandler()),
  ],
  [
    "openAICompatible()",
    "/v1/chat/completions",
    (app, client) => app.use("/v1", openAICompatible({ client, authorize: "none" })),
  ],
];

/** Every socket that this process opens to a port. */
function clientSockets(port: number): () => Socket[] {
  const sockets: Socket[] = [];
  const onSocket = (message: unknown) => void sockets.push((message as { socket: Socket }).socket);
  subscribe("net.client.socket", onSocket);
  onTestFinished(() => void unsubscribe("net.client.socket", onSocket));
  return () => sockets.filter(({ remotePort }) => remotePort === port);
}

describe.each(ROADS)(`${EXPRESS}: a reader that never reads, %s`, (_name, path, mount) => {
  test("what was read from upstream and not taken by the caller's socket stays below a bound", async () => {
    const simulator = await simulate();
    simulator.reply({ chunks: Array.from({ length: PIECES }, () => "x".repeat(PIECE)) });
    const client = clientOf(simulator);
    const upstream = clientSockets(Number(new URL(simulator.baseURL).port));
    const { origin, sockets } = await serve((app) => mount(app, client));
    const question = path.startsWith("/v1")
      ? { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] }
      : { prompt: "Hi" };
    const arrival = simulator.nextRequest();
    const caller = lazyCaller(origin + path, { ...question, stream: true });
    const request = await arrival;
    await caller.answered;
    const read = () => upstream().reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    // `bytesWritten` counts what waits in this process too.
    const taken = () => sockets.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0);

    let before = -1;
    let most = 0;
    // As much as fits on the way, and then no more.
    await expect
      .poll(
        () => {
          const now = read();
          most = Math.max(most, now - taken());
          const still = now === before && now > 0;
          before = now;
          return still;
        },
        { interval: 100, timeout: 20_000 },
      )
      .toBe(true);
    expect(sockets[0]?.writableLength).toBeGreaterThan(0);
    expect(read()).toBeLessThan(PIECES * PIECE);
    expect(request.state).toBe("open");
    expect(most).toBeLessThan(HELD);
    caller.leave();
    expect(await request.closed).toMatchObject({ state: "closed-by-client" });
    expect(read() - taken()).toBeLessThan(HELD);
  }, 30_000);
});
