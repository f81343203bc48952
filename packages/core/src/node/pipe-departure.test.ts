import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { AnswerServer, RawClient, turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { pipeListeners } from "../../test/piped-answer.js";
import { ScriptedSource } from "../../test/scripted-source.js";
import { disconnectSignal } from "./disconnect-signal.js";
import { pipeStream } from "./pipe-stream.js";

const BLOCK = "x".repeat(64 * 1024);

const listeners = (res: ServerResponse) => pipeListeners(res).reduce((sum, count) => sum + count, 0);

/** Serves one stream; tells about the response and how many listeners the piping left on it. */
async function serve(source: ScriptedSource | AsyncIterable<unknown>, clock = new ManualClock()) {
  const seen = Promise.withResolvers<ServerResponse>();
  const left = Promise.withResolvers<number>();
  const server = await AnswerServer.start(async (_req, res) => {
    const had = listeners(res);
    seen.resolve(res);
    try {
      return await pipeStream(source instanceof ScriptedSource ? source.stream : source, res, { clock });
    } finally {
      left.resolve(listeners(res) - had);
    }
  });
  const outcome = async () => {
    await seen.promise;
    return server.handled[0];
  };
  return { server, res: seen.promise, left: left.promise, outcome, clock };
}

test("a client that leaves in mid-stream aborts upstream, also while upstream is silent", async () => {
  const source = new ScriptedSource().text("Hello");
  const { server, left, outcome, clock } = await serve(source);
  await using _ = server;
  const client = new RawClient(server.port);
  await client.until("Hello");

  client.socket.destroy();
  await source.aborted;

  expect(await outcome()).toMatchObject({ outcome: "disconnected", error: { code: "aborted" } });
  expect(await left).toBe(0);
  expect(clock.pending).toEqual([]);
});

test("a client that leaves before the first event aborts upstream", async () => {
  const source = new ScriptedSource();
  const { server, outcome, left } = await serve(source);
  await using _ = server;
  const client = new RawClient(server.port);
  await turnUntil(() => source.pulls > 0 && server.handled.length > 0);

  client.socket.destroy();
  await source.aborted;

  expect(await outcome()).toMatchObject({ outcome: "disconnected" });
  expect(await left).toBe(0);
});

test("a client that closes only its own half has left", async () => {
  const source = new ScriptedSource().text("Hello");
  const { server, outcome, left } = await serve(source);
  await using _ = server;
  const client = new RawClient(server.port);
  await client.until("Hello");

  client.socket.end();
  await source.aborted;

  expect(await outcome()).toMatchObject({ outcome: "disconnected" });
  expect(await left).toBe(0);
  await client.closed();
});

test("a client that never reads holds the stream back, and aborts it when it leaves", async () => {
  const source = new ScriptedSource();
  for (let i = 0; i < 200 * 16; i++) source.text(BLOCK);
  const { server, res, outcome, left, clock } = await serve(source);
  await using _ = server;
  const client = new RawClient(server.port, { reading: false });
  const answer = await res;
  await turnUntil(() => answer.writableNeedDrain);

  const taken = source.pulls;
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(source.pulls).toBe(taken);
  // 200 MiB were on offer: what was taken fits the kernel's buffers.
  expect(taken * BLOCK.length).toBeLessThan(32 * 1024 * 1024);

  client.socket.destroy();
  await source.aborted;
  expect(await outcome()).toMatchObject({ outcome: "disconnected" });
  expect(await left).toBe(0);
  expect(clock.pending).toEqual([]);
});

test("a client that never reads and closes its own half has left too", async () => {
  const source = new ScriptedSource();
  for (let i = 0; i < 200 * 16; i++) source.text(BLOCK);
  const { server, res, outcome } = await serve(source);
  await using _ = server;
  const client = new RawClient(server.port, { reading: false });
  const answer = await res;
  await turnUntil(() => answer.writableNeedDrain);

  client.socket.end();
  await source.aborted;
  expect(await outcome()).toMatchObject({ outcome: "disconnected" });
  client.socket.destroy();
});

test("a slow client gets everything in the end, and no ping while it is behind", async () => {
  const source = new ScriptedSource();
  for (let i = 0; i < 16 * 16; i++) source.text(BLOCK);
  source.text("the end").finish();
  const { server, res, outcome, left, clock } = await serve(source);
  await using _ = server;
  const client = new RawClient(server.port, { reading: false });
  const answer = await res;
  await turnUntil(() => answer.writableNeedDrain);
  clock.advance(60_000);

  let length = 0;
  let tail = "";
  let pings = 0;
  client.socket.on("data", (piece: string) => {
    length += piece.length;
    pings += piece.includes(": ping") ? 1 : 0;
    tail = (tail + piece).slice(-2_000);
  });
  expect(await outcome()).toMatchObject({ outcome: "finished" });
  await turnUntil(() => tail.includes("[DONE]"));
  expect(length).toBeGreaterThan(16 * 1024 * 1024);
  expect(pings).toBe(0);
  expect(await left).toBe(0);
});

test.each(["destroy", "end"] as const)(
  "a client that has left (%s) before piping began: the stream is aborted",
  async (how) => {
    const source = new ScriptedSource().text("Hello");
    await using server = await AnswerServer.start(async (_req, res) => {
      await new Promise((resolve) => res.req.socket.once(how === "end" ? "end" : "close", resolve));
      return pipeStream(source.stream, res);
    });
    const client = new RawClient(server.port);
    await turnUntil(() => server.handled.length > 0);
    client.socket[how]();
    await source.aborted;
    expect(await server.handled[0]).toMatchObject({ outcome: "disconnected" });
    expect(client.text).toBe("");
  },
);

test("two streams at once: the one whose client leaves stops, the other goes on", async () => {
  const [first, second] = [new ScriptedSource(), new ScriptedSource()];
  const waiting = [first, second];
  await using server = await AnswerServer.start((_req, res) =>
    pipeStream((waiting.shift() as ScriptedSource).stream, res),
  );
  const leaver = new RawClient(server.port);
  first.text("one");
  await leaver.until("one");
  const stayer = new RawClient(server.port);
  second.text("two");
  await stayer.until("two");

  leaver.socket.destroy();
  await first.aborted;
  second.text("three").finish();
  await stayer.until("[DONE]");

  expect(stayer.text).toContain("three");
  expect(second.abortedWith).toBeUndefined();
  expect(await Promise.all(server.handled)).toMatchObject([{ outcome: "disconnected" }, { outcome: "finished" }]);
});

test("leaving an iterable of another kind runs its `abort` and its `finally`, and waits for neither", async () => {
  const left: string[] = [];
  const never = Promise.withResolvers<void>();
  const stuck = {
    abort: () => left.push("abort"),
    async *[Symbol.asyncIterator]() {
      yield "word";
      await never.promise;
    },
  };
  const { server, outcome } = await serve(stuck);
  await using _ = server;
  const client = new RawClient(server.port);
  await client.until("word");
  client.socket.destroy();

  expect(await outcome()).toEqual({ outcome: "disconnected" });
  expect(left).toEqual(["abort"]);
});

test("disconnectSignal aborts when the client leaves, and stays silent after a finished answer", async () => {
  const signals: AbortSignal[] = [];
  const counts: number[] = [];
  await using server = await AnswerServer.start(async (req, res) => {
    const had = listeners(res);
    signals.push(disconnectSignal(req, res));
    if (req.url === "/") return;
    for await (const _ of req) throw new Error("this request has no body");
    res.end("done");
    await new Promise((resolve) => res.once("close", resolve));
    counts.push(listeners(res) - had);
  });

  expect(await (await fetch(`${server.url}whole`)).text()).toBe("done");
  await server.handled[0];
  expect(signals[0]?.aborted).toBe(false);
  expect(counts).toEqual([0]);

  const client = new RawClient(server.port);
  await turnUntil(() => signals.length === 2);
  const aborted = new Promise((resolve) => signals[1]?.addEventListener("abort", resolve));
  expect(signals[1]?.aborted).toBe(false);
  client.socket.destroy();
  await aborted;
  expect(signals[1]?.reason).toMatchObject({ name: "AbortError", code: "aborted" });
});

test("disconnectSignal is aborted from the start when the client has left", async () => {
  const signal = Promise.withResolvers<AbortSignal>();
  await using server = await AnswerServer.start(async (req, res) => {
    await new Promise((resolve) => req.socket.once("close", resolve));
    signal.resolve(disconnectSignal(req, res));
  });
  const client = new RawClient(server.port);
  await turnUntil(() => server.handled.length > 0);
  client.socket.destroy();
  expect((await signal.promise).aborted).toBe(true);
});

test("disconnectSignal hears a half-closed connection", async () => {
  const signals: AbortSignal[] = [];
  await using server = await AnswerServer.start((req, res) => void signals.push(disconnectSignal(req, res)));
  const client = new RawClient(server.port);
  await turnUntil(() => signals.length === 1);
  const aborted = new Promise((resolve) => signals[0]?.addEventListener("abort", resolve));
  client.socket.end();
  await aborted;
  expect(signals[0]?.aborted).toBe(true);
});

test("many requests pipelined on one connection are watched by one listener, and it goes with the last", async () => {
  const signals: AbortSignal[] = [];
  const answers: ServerResponse[] = [];
  const sockets = new Set<Socket>();
  await using server = await AnswerServer.start((req, res) => {
    sockets.add(req.socket);
    answers.push(res);
    signals.push(disconnectSignal(req, res));
  });
  const client = new RawClient(server.port);
  await turnUntil(() => signals.length === 1);
  const [socket] = [...sockets];
  const watched = socket?.listenerCount("end");
  for (let index = 0; index < 20; index++) client.socket.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  await turnUntil(() => signals.length === 21);
  expect(sockets.size).toBe(1);
  expect(socket?.listenerCount("end")).toBe(watched);

  for (const res of answers.slice(0, 20)) res.end("done");
  await turnUntil(() => answers[19]?.writableFinished === true);
  expect(socket?.listenerCount("end")).toBe(watched);
  client.socket.end();
  await turnUntil(() => signals[20]?.aborted === true);
  expect(signals.map(({ aborted }) => aborted)).toEqual([...Array.from({ length: 20 }, () => false), true]);
  expect(socket?.listenerCount("end")).toBe(Number(watched) - 1);
});

test("an answer that is over already is not watched: its connection may serve many more", async () => {
  const aborted: boolean[] = [];
  const left: number[] = [];
  await using server = await AnswerServer.start(async (req, res) => {
    const before = req.socket.listenerCount("end");
    const closed = new Promise((resolve) => res.once("close", resolve));
    res.end("done");
    await closed;
    aborted.push(disconnectSignal(req, res).aborted);
    left.push(req.socket.listenerCount("end") - before);
  });
  const client = new RawClient(server.port);
  await turnUntil(() => left.length === 1);
  client.socket.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  await turnUntil(() => left.length === 2);
  expect(left).toEqual([0, 0]);
  expect(aborted).toEqual([false, false]);
});
