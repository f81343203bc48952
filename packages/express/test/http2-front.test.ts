import { once } from "node:events";
import { request } from "node:http";
import { type ClientHttp2Stream, connect, constants, createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { chatHandler, llmErrorHandler, llmMiddleware } from "../src/index.js";
import { dictatedUpstream } from "./dictated-upstream.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, serve, simulate } from "./serve.js";

const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection"];

/** A front that speaks HTTP/2 to callers and HTTP/1.1 to the application, as load balancers do. */
async function http2Front(origin: string): Promise<number> {
  const front = createServer();
  front.on("stream", (stream: ServerHttp2Stream, headers) => {
    const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":")));
    const method = headers[":method"] ?? "GET";
    const passed = request(origin + headers[":path"], { method, headers: own as Record<string, string>, agent: false });
    passed.on("response", (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
      stream.respond({ ":status": answer.statusCode, ...Object.fromEntries(kept) });
      answer.pipe(stream);
    });
    passed.on("error", () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    stream.on("error", () => {});
    stream.on("close", () => passed.destroy());
    stream.pipe(passed);
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  onTestFinished(async () => {
    front.close();
    await once(front, "close");
  });
  return (front.address() as AddressInfo).port;
}

/** One stream of a session with the front. */
async function ask(port: number, path: string, body: object): Promise<ClientHttp2Stream> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/json" });
  stream.on("error", () => {});
  stream.setEncoding("utf8");
  stream.end(JSON.stringify(body));
  return stream;
}

describe(`${EXPRESS}: behind an HTTP/2 front`, () => {
  test("ten words arrive one by one, with headers that HTTP/2 allows", async () => {
    const { client, next } = await dictatedUpstream();
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client)).post("/chat", chatHandler());
    });
    const stream = await ask(await http2Front(origin), "/chat", { prompt: "Signals", stream: true });
    const responded = once(stream, "response") as Promise<[Record<string, unknown>]>;
    let text = "";
    let changed = Promise.withResolvers<void>();
    stream.on("data", (piece: string) => {
      text += piece;
      changed.resolve();
      changed = Promise.withResolvers();
    });
    const model = await next();
    for (let word = 1; word <= 10; word++) {
      model.say(`word-${word};`);
      while (!text.includes(`word-${word};`)) await changed.promise;
    }
    const [headers] = await responded;
    expect(headers).toMatchObject({
      ":status": 200,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    model.end();
    await once(stream, "end");
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(text.match(/word-/g)).toHaveLength(10 + 10);
  });

  test.each(["before the first token", "mid-stream"])("who resets its stream %s closes upstream", async (when) => {
    const simulator = await simulate();
    simulator.fault("stall", { after: when === "mid-stream" ? 3 : 0 });
    const client = clientOf(simulator);
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client)).post("/chat", chatHandler()).use(llmErrorHandler());
    });
    const arrival = simulator.nextRequest();
    const stream = await ask(await http2Front(origin), "/chat", { prompt: "Signals", stream: true });
    const asked = await arrival;
    if (when === "mid-stream") await once(stream, "data");
    stream.close(constants.NGHTTP2_CANCEL);
    expect(await asked.closed).toMatchObject({ state: "closed-by-client" });
  });

  test("a failure before the first token has its status", async () => {
    const simulator = await simulate();
    simulator.fault("429", { retryAfter: 7 });
    const client = clientOf(simulator);
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(client)).post("/chat", chatHandler()).use(llmErrorHandler());
    });
    const stream = await ask(await http2Front(origin), "/chat", { prompt: "Signals", stream: true });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(headers).toMatchObject({ ":status": 429, "retry-after": "7" });
    stream.close();
  });
});
