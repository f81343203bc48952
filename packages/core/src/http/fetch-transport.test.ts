import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { RecordingSink, transportRequest } from "../../test/byte-sinks.js";
import { httpLoopback } from "../../test/loopback.js";
import { ManualClock } from "../../test/manual-clock.js";
import { rejection } from "../../test/rejection.js";
import type { FetchInit, FetchLike } from "./fetch-like.js";
import { fetchTransport } from "./fetch-transport.js";

const clock = new ManualClock();

async function read(fetch: FetchLike) {
  const answer = await fetchTransport(fetch, clock)(transportRequest("http://unused.invalid/v1", { body: "{}" }));
  const sink = new RecordingSink();
  answer.source.start(sink);
  return { answer, sink };
}

test("hands the given fetch address, method, headers, body, a signal, and the wish not to follow redirects", async () => {
  const calls: [string, FetchInit][] = [];
  const { sink } = await read(async (input, init) => {
    calls.push([input, init]);
    return new Response("ok");
  });
  expect([await sink.outcome, sink.text]).toEqual(["end", "ok"]);
  expect(calls).toEqual([
    [
      "http://unused.invalid/v1",
      { method: "POST", headers: {}, body: "{}", redirect: "manual", signal: expect.any(AbortSignal) },
    ],
  ]);
});

test("an answer without a body is an empty one", async () => {
  const { sink } = await read(async () => new Response(null, { status: 204 }));
  expect([await sink.outcome, sink.text]).toEqual(["end", ""]);
});

test("a fetch that throws at once fails like one that rejects", async () => {
  const transport = fetchTransport(() => {
    throw new TypeError("not today");
  }, clock);
  expect(await rejection(transport(transportRequest("http://unused.invalid/")))).toMatchObject({ code: "connection" });
});

const locked = () => {
  const response = new Response("taken");
  response.body?.getReader();
  return response;
};

test.each([
  ["undefined", () => undefined],
  ["an object", () => ({})],
  ["a Response whose body is taken", locked],
])("a fetch that gives %s is an invalid answer, and closed", async (_, answer) => {
  let inner: AbortSignal | undefined;
  const transport = fetchTransport(async (_, init) => {
    inner = init.signal;
    return answer() as Response;
  }, clock);
  expect(await rejection(transport(transportRequest("http://unused.invalid/")))).toMatchObject({
    code: "invalid_response",
    detail: "fetch gave no readable Response",
  });
  expect(inner?.aborted).toBe(true);
});

test("F39 a fetch that followed a redirect all the same is not believed", async () => {
  const followed = Object.defineProperty(new Response("{}"), "redirected", { value: true });
  const transport = fetchTransport(async () => followed, clock);
  expect(await rejection(transport(transportRequest("http://unused.invalid/")))).toMatchObject({
    code: "invalid_response",
  });
});

test("an answer that comes after the abort is closed", async () => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Response>();
  let inner: AbortSignal | undefined;
  const failing = rejection(
    fetchTransport((_, init) => {
      inner = init.signal;
      return promise;
    }, clock)(transportRequest("http://unused.invalid/", { signal: controller.signal })),
  );
  controller.abort();
  expect((await failing).code).toBe("aborted");
  resolve(new Response("late"));
  await promise;
  expect(inner?.aborted).toBe(true);
});

test("F41 what fetch itself decodes is not decoded again", async () => {
  const { url } = await httpLoopback((_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("plain")),
  );
  const { sink } = await read((_, init) => fetch(url, init as RequestInit));
  expect([await sink.outcome, sink.text]).toEqual(["end", "plain"]);
});

test("F41 a compressed body that fetch cannot decode is an invalid answer", async () => {
  const { url } = await httpLoopback((_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end("plain"),
  );
  const { sink } = await read((_, init) => fetch(url, init as RequestInit));
  expect(await sink.outcome).toMatchObject({ code: "invalid_response", detail: "the compressed body is corrupt" });
});

test("F30 nothing is pulled from a body that is held back", async () => {
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulls += 1;
        if (pulls > 3) controller.close();
        else controller.enqueue(Buffer.from(`${pulls}`));
      },
    },
    { highWaterMark: 0 },
  );
  const answer = await fetchTransport(
    async () => new Response(body),
    clock,
  )(transportRequest("http://unused.invalid/"));
  expect(pulls).toBe(0);
  const sink = new RecordingSink();
  answer.source.pause();
  answer.source.start(sink);
  expect(pulls).toBe(0);
  answer.source.resume();
  expect([await sink.outcome, sink.text]).toEqual(["end", "123"]);
});
