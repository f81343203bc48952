import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { readEvents } from "@signalbox/core/browser";
import { expect, onTestFinished, test, vi } from "vitest";

/** A server that says each of these, one a request; what does not end with `[DONE]` breaks off. */
async function saying(...answers: (string | number)[]) {
  const lastIds: unknown[] = [];
  const answer: RequestListener = (req, res) => {
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
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, lastIds };
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
