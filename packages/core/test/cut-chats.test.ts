import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvents } from "../src/browser/index.js";
import { followChatRun, type StreamEvent } from "../src/index.js";
import { pipeStream } from "../src/node/index.js";
import { AnswerServer } from "./answer-server.js";
import { dictatedRun, settled } from "./chat-runs.js";

/** A way to the server on which each answer breaks off after so many bytes, in turn; what comes after them is whole. */
async function cuttingWay(port: number, cuts: readonly number[]) {
  const left = [...cuts];
  const server = createServer((client) => {
    let room = left.shift() ?? Number.POSITIVE_INFINITY;
    const onward = connect(port, "127.0.0.1");
    const end = () => {
      client.destroy();
      onward.destroy();
    };
    client.pipe(onward);
    onward.on("data", (bytes: Buffer) => {
      client.write(bytes.subarray(0, room), () => room <= 0 && end());
      room -= bytes.length;
    });
    for (const socket of [client, onward]) socket.on("error", end).on("close", end);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutsLeft: () => left.length,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

/** Longer than what an answer begins with, which no reader could do without. */
const HEAD = 400;

test("a reader whose connections break off anywhere, in the middle of an event or of a character, reads the answer", async () => {
  const words = fc.array(fc.constantFrom("signal ", "信号 ", "🚦", "\n\n", "data: x\n"), {
    minLength: 1,
    maxLength: 12,
  });
  const cuts = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 8 });
  let cut = 0;
  await fc.assert(
    fc.asyncProperty(words, cuts, async (said, broken) => {
      const { run, source, store } = dictatedRun();
      await using server = await AnswerServer.start((req, res) => {
        if (req.method === "POST") {
          res.setHeader("Location", `/${run.runId}`);
          res.setHeader("Connection", "close");
          return pipeStream(run.events, res);
        }
        res.setHeader("Connection", "close");
        const after = Number(req.headers["last-event-id"]);
        return pipeStream(followChatRun(store, run.runId, { after }), res);
      });
      await using way = await cuttingWay(
        server.port,
        broken.map((bytes, index) => (index === 0 ? HEAD + bytes : bytes)),
      );
      const events: StreamEvent[] = [];
      const reading = (async () => {
        const options = { method: "POST", delayMs: 0, reconnects: 100 };
        for await (const event of readEvents<StreamEvent>(`${way.origin}/`, options)) events.push(event);
      })();
      for (const word of said) {
        source.text(word);
        await settled();
      }
      source.finish({ text: said.join("") });
      await reading;
      cut += broken.length - way.cutsLeft();
      const kept = await store.read(run.runId, 0);
      expect(events).toEqual(kept.map(({ data }) => data));
      const text = events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
      expect(text).toBe(said.join(""));
    }),
    { numRuns: 60 },
  );
  expect(cut).toBeGreaterThan(50);
}, 30_000);
