import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { definePipeline, memoryRunStore, step } from "@signalbox/core";
import express, { type ErrorRequestHandler } from "express";
import { describe, expect, onTestFinished, test } from "vitest";
import { chatHandler, llmErrorHandler, llmMiddleware, openAICompatible, stepsRouter } from "../src/index.js";
import { EXPRESS } from "./express-version.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";

/** Every road of the package; `fallen` holds what no error handler of ours knew. */
async function application(bodyLimit = "1mb") {
  const simulator = await simulate();
  const client = clientOf(simulator);
  const fallen: unknown[] = [];
  const heard: unknown[] = [];
  const last: ErrorRequestHandler = (error, _req, res, next) => {
    fallen.push(error);
    if (res.headersSent) next(error);
    else res.status(599).end();
  };
  const pipeline = definePipeline("deck", [
    step("outline", async ({ llm, input }) => (await llm.generate({ prompt: JSON.stringify(input) })).text),
  ]);
  const served = await serve((app) => {
    app.use(llmMiddleware(client, (req) => ({ user: req.get("x-user") })));
    app.all("/chat", chatHandler({ bodyLimit, onError: (error) => heard.push(error) }));
    app.post(
      "/open",
      chatHandler({ bodyLimit, accept: { metadata: true, model: ["openai/gpt-4o-mini"], stop: true } }),
    );
    app.all("/paid", chatHandler({ request: () => ({ prompt: "Signals" }) }));
    app.use("/v1", openAICompatible({ authorize: "none", bodyLimit }));
    app.use("/decks", stepsRouter(pipeline, { store: memoryRunStore(), bodyLimit }));
    app.use(llmErrorHandler()).use(last);
  });
  return { ...served, simulator, fallen, heard };
}

const ROADS = ["/chat", "/v1/chat/completions", "/decks"];

/** Sends bytes as they stand and gives the whole answer. */
async function raw(port: number, text: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  let answer = "";
  socket.setEncoding("utf8").on("data", (piece: string) => {
    answer += piece;
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}

const head = (path: string, more: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n${more}\r\n`;

describe.each(ROADS)(`${EXPRESS}: bodies sent to %s`, (path) => {
  test("beyond the limit are 413, whether or not their length is told, and whatever they unpack to", async () => {
    const { origin, port, simulator, fallen } = await application("10kb");
    const long = JSON.stringify({ prompt: "x".repeat(20_000) });
    expect((await postJson(origin + path, long)).status).toBe(413);
    const chunked = `${head(path, "Transfer-Encoding: chunked\r\n")}${long.length.toString(16)}\r\n${long}\r\n0\r\n\r\n`;
    expect(await raw(port, chunked)).toMatch(/^HTTP\/1\.1 413 /);
    const bomb = gzipSync(JSON.stringify({ prompt: "x".repeat(50_000_000) }));
    const answer = await fetch(origin + path, {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: bomb,
    });
    expect(answer.status).toBe(413);
    expect(simulator.requests).toHaveLength(0);
    expect(fallen).toEqual([]);
  });

  test.each([
    ["no JSON", "{'prompt': 'Hi'}"],
    ["cut", '{"prompt": "Hi'],
    ["more than one value", '{"prompt":"Hi"} {"prompt":"Hi"}'],
    ["null", "null"],
    ["a number", "7"],
    ["a list", '[{"prompt":"Hi"}]'],
  ])("%s are 400, and nothing is asked", async (_what, body) => {
    const { origin, simulator, fallen } = await application();
    const answer = await postJson(origin + path, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "invalid_request" } });
    expect(simulator.requests).toHaveLength(0);
    expect(fallen).toEqual([]);
  });

  test.each([
    "text/plain",
    "application/jsonp",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=a",
  ])("of the type %s are 400", async (type) => {
    const { origin, simulator, fallen } = await application();
    const answer = await postJson(origin + path, { prompt: "Hi" }, { "content-type": type });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "invalid_request" } });
    expect(simulator.requests).toHaveLength(0);
    expect(fallen).toEqual([]);
  });

  test("that break off are nobody's request: nothing is asked, no error handler hears", async () => {
    const { port, simulator, fallen } = await application();
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(`${head(path, "Content-Length: 1000\r\n")}{"prompt":`);
    await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
    // A whole request behind it, so that the broken one has been dealt with.
    expect((await raw(port, "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).slice(0, 12)).toBe(
      "HTTP/1.1 400",
    );
    expect(simulator.requests).toHaveLength(0);
    expect(fallen).toEqual([]);
  });
});

describe(`${EXPRESS}: what bodies hold`, () => {
  test.each([
    ["__proto__", '{"prompt":"Hi","__proto__":{"model":"a/b","stream":true}}'],
    ["constructor", '{"prompt":"Hi","constructor":{"prototype":{"model":"a/b"}}}'],
    ["messages[0].__proto__", '{"messages":[{"role":"user","content":"Hi","__proto__":{"role":"system"}}]}'],
    ["toString", '{"prompt":"Hi","toString":"x"}'],
  ])("%s is refused by name and changes nothing", async (name, body) => {
    const { origin, simulator } = await application();
    const answer = await postJson(`${origin}/chat`, body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(name);
    expect(simulator.requests).toHaveLength(0);
    expect(({} as { model?: unknown }).model).toBeUndefined();
  });

  test.each(["/chat", "/open", "/v1/chat/completions", "/decks"])(
    "100,000 brackets within each other are no failure of the server's: %s",
    async (path) => {
      const { origin, simulator, fallen } = await application();
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      for (const body of [
        `{"prompt":${deep}}`,
        `{"prompt":"Hi","metadata":{"a":${deep}}}`,
        `{"prompt":"Hi","model":${deep}}`,
        `{"prompt":"Hi","stop":${deep}}`,
      ]) {
        const answer = await postJson(origin + path, body);
        expect([path, body.slice(0, 30), answer.status]).toEqual([path, body.slice(0, 30), 400]);
        await answer.text();
      }
      expect(simulator.requests).toHaveLength(0);
      expect(fallen).toEqual([]);
    },
  );

  test("a long list of odd messages is answered with one short 400", async () => {
    const { origin } = await application("10mb");
    const messages = Array.from({ length: 50_000 }, () => ({ role: "system", content: "x" }));
    const answer = await postJson(`${origin}/chat`, { messages });
    expect(answer.status).toBe(400);
    expect((await answer.text()).length).toBeLessThan(500);
    const names = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`field${index}`, 1]));
    const many = await postJson(`${origin}/chat`, { prompt: "Hi", ...names });
    expect(many.status).toBe(400);
    expect((await many.text()).length).toBeLessThan(2000);
  }, 30_000);
});

describe(`${EXPRESS}: methods and headers`, () => {
  test.each(["HEAD", "OPTIONS"])("%s asks no model, though the handler is mounted for it", async (method) => {
    const { origin, simulator, fallen } = await application();
    const answer = await fetch(`${origin}/paid`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, POST");
    expect(await answer.text()).toMatch(method === "HEAD" ? /^$/ : /OPTIONS asks no model/);
    expect(simulator.requests).toHaveLength(0);
    expect(fallen).toEqual([]);
  });

  test("HEAD of a run tells that there is one, and waits for nothing", async () => {
    const { origin } = await application();
    const started = await postJson(`${origin}/decks`, { topic: "Signals" });
    await started.text();
    expect((await fetch(origin + started.headers.get("location"), { method: "HEAD" })).status).toBe(200);
    expect((await fetch(`${origin}/decks/unknown`, { method: "HEAD" })).status).toBe(404);
  });

  test("line breaks in ids and paths reach no header", async () => {
    const { origin, fallen } = await application();
    for (const id of ["a%0d%0aSet-Cookie:%20x=1", "%00", "..%2f..%2fetc", "%E0%A4%A"]) {
      const answer = await fetch(`${origin}/decks/${id}`);
      expect([400, 404]).toContain(answer.status === 599 ? 400 : answer.status);
      expect(answer.headers.get("set-cookie")).toBeNull();
      const resumed = await postJson(`${origin}/decks/${id}/resume`, {});
      expect(resumed.headers.get("location")).toBeNull();
      await postJson(`${origin}/decks`, { resumeFrom: decodeOr(id) });
    }
    // Only what Express itself could not decode.
    expect(fallen.every((error) => error instanceof URIError)).toBe(true);
  });

  test.each([
    ["last-event-id", "9".repeat(400)],
    ["last-event-id", "1e3"],
    ["last-event-id", "-1"],
    ["last-event-id", "0x10"],
  ])("a `%s` of %s is 400", async (name, value) => {
    const { origin } = await application();
    const started = await postJson(`${origin}/decks`, { topic: "Signals" });
    await started.text();
    const answer = await fetch(origin + started.headers.get("location"), { headers: { [name]: value } });
    expect(answer.status).toBe(400);
  });

  test("an Accept header in capitals asks for a stream too", async () => {
    const { origin } = await application();
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi" }, { accept: "Text/Event-Stream" });
    expect(await answer.text()).toContain("[DONE]");
  });

  test("HTTP/1.0 gets the stream too, and its end by the connection's", async () => {
    const { port } = await application();
    const body = JSON.stringify({ prompt: "Hi", stream: true });
    const answer = await raw(
      port,
      `POST /chat HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).not.toMatch(/transfer-encoding/i);
    expect(answer).toMatch(/data: \[DONE\]\n\n$/);
  });

  test("an answer that a time-out has given ends the call, and is not written over", async () => {
    const simulator = await simulate();
    simulator.fault("stall-before-headers", { times: 2 });
    const client = clientOf(simulator);
    const fallen: unknown[] = [];
    const heard: unknown[] = [];
    const { origin } = await serve((app) => {
      app.use((_req, res, next) => {
        void simulator.nextRequest().then(() => res.status(503).json({ error: "too slow" }));
        next();
      });
      app.post("/chat", express.json(), chatHandler({ client, onError: (error) => heard.push(error) }));
      app.use(((error, _req, _res, next) => {
        fallen.push(error);
        next(error);
      }) as ErrorRequestHandler);
    });
    for (const stream of [true, false]) {
      const answer = await postJson(`${origin}/chat`, { prompt: "Hi", stream });
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({ error: "too slow" });
    }
    const closed = await Promise.all(simulator.requests.map((entry) => entry.closed));
    expect(closed.map(({ state }) => state)).toEqual(["closed-by-client", "closed-by-client"]);
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(2);
    expect(fallen).toEqual([]);
  });
});

function decodeOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
