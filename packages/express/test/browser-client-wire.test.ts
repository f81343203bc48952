import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { readEvents } from "@signalbox/core/browser";
import { expect, onTestFinished, test, vi } from "vitest";

/** A server that says each of these, one a request; what does not end with `[DONE]` breaks off. */
async function saying(...answers: (string | number)[]) {
  return started({}, answers);
}

/** Such a server, whose answer to POST names a run that lasts. */
async function sayingOf(location: string, ...answers: (string | number)[]) {
  return started({ location }, answers);
}

async function started(headers: Record<string, string>, answers: readonly (string | number)[]) {
  const lastIds: unknown[] = [];
  const asked: unknown[] = [];
  const answer: RequestListener = (req, res) => {
    asked.push(`${req.method} ${req.url}`);
    if (req.method === "POST") for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    const said = answers[lastIds.push(req.headers["last-event-id"]) - 1] ?? 500;
    if (typeof said === "number") res.writeHead(said).end("<html></html>");
    else if (said.includes("[DONE]")) res.end(said);
    else res.write(said, () => res.destroy());
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, lastIds, asked };
}

async function all(events: AsyncIterable<object>): Promise<object[]> {
  const list: object[] = [];
  for await (const event of events) list.push(event);
  return list;
}

const line = (n: number) => `id: ${n}\ndata: {"n":${n}}\n\n`;
const DONE = "data: [DONE]\n\n";

test("line separators that JSON leaves in a text end no line, and what follows them is no field", async () => {
  const text = "one\u2028id: 5\u2029data: two";
  const { url } = await saying(`data: ${JSON.stringify({ text })}\n\n${DONE}`);
  expect(await all(readEvents<object>(url))).toEqual([{ text }]);
  const cut = await saying(`data: ${JSON.stringify({ text })}\n\n`, DONE);
  await expect(all(readEvents<object>(cut.url, { delayMs: 0 }))).rejects.toThrow();
  expect(cut.lastIds).toHaveLength(1);
});

test("a reader that begins behind an id of its own goes on behind the last one", async () => {
  const { url, lastIds } = await saying(line(4), line(5) + DONE);
  const headers = { "Last-Event-ID": "3" };
  expect(await all(readEvents<object>(url, { headers, delayMs: 0 }))).toEqual([{ n: 4 }, { n: 5 }]);
  expect(lastIds).toEqual(["3", "4"]);
});

test("a proxy whose server starts again is asked again; who has no such run is not", async () => {
  const { url, lastIds } = await saying(line(1), 502, 503, 504, line(2) + DONE);
  expect(await all(readEvents<object>(url, { delayMs: 0 }))).toEqual([{ n: 1 }, { n: 2 }]);
  expect(lastIds).toEqual([undefined, "1", "1", "1", "1"]);
  const gone = await saying(line(1), 404, line(2) + DONE);
  await expect(all(readEvents<object>(gone.url, { delayMs: 0 }))).rejects.toMatchObject({ status: 404 });
  expect(gone.lastIds).toHaveLength(2);
});

test("a run that was named before its first event is followed from its start", async () => {
  const { url, lastIds, asked } = await sayingOf("/chat/7", ": ping\n\n", line(1), line(2) + DONE);
  const runs: string[] = [];
  const onRun = (run: string) => runs.push(run);
  expect(await all(readEvents<object>(`${url}/chat`, { method: "POST", delayMs: 0, onRun }))).toEqual([
    { n: 1 },
    { n: 2 },
  ]);
  expect(asked).toEqual(["POST /chat", "GET /chat/7", "GET /chat/7"]);
  expect(lastIds).toEqual([undefined, "0", "1"]);
  expect(runs).toEqual([`${url}/chat/7`]);
});

test("a run that has no address, because nothing keeps it, is not looked for elsewhere", async () => {
  const { url, asked } = await saying(line(1), DONE);
  const cut = all(readEvents<object>(`${url}/chat`, { method: "POST", delayMs: 0 }));
  await expect(cut).rejects.toThrow(TypeError);
  expect(asked).toEqual(["POST /chat"]);
});

test("a server that shuts down is left for the next one; a run that was stopped is not asked for again", async () => {
  const told = (retryable: boolean) =>
    `event: error\ndata: {"type":"error","error":{"code":"aborted","message":"ended","retryable":${retryable},"retryAfterMs":1}}\n\n${DONE}`;
  const { url, lastIds } = await saying(line(1) + told(true), line(2) + DONE);
  expect(await all(readEvents<object>(url, { delayMs: 0 }))).toEqual([{ n: 1 }, { n: 2 }]);
  expect(lastIds).toEqual([undefined, "1"]);
  const stopped = await saying(line(1) + told(false), line(2) + DONE);
  const failed = { code: "aborted", retryable: false };
  await expect(all(readEvents<object>(stopped.url, { delayMs: 0 }))).rejects.toMatchObject(failed);
  expect(stopped.lastIds).toHaveLength(1);
  const unnamed = await saying(`data: {"n":1}\n\n${told(true)}`, DONE);
  await expect(all(readEvents<object>(unnamed.url, { delayMs: 0 }))).rejects.toMatchObject({ code: "aborted" });
});

test("an abort ends the wait between two connections", async () => {
  const waits = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => waits.mockRestore());
  const { url, lastIds } = await saying(line(1), line(2) + DONE);
  const controller = new AbortController();
  // Longer than a test may take.
  const reading = all(readEvents<object>(url, { signal: controller.signal, delayMs: 10_000 }));
  const failed = expect(reading).rejects.toThrow("enough");
  await expect.poll(() => waits.mock.calls.some(([, ms]) => ms === 10_000)).toBe(true);
  controller.abort(new Error("enough"));
  await failed;
  expect(lastIds).toHaveLength(1);
});
