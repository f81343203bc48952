import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { pipeStream } from "@signalbox/core/node";
import { describe, expect, test } from "vitest";
import { chatHandler } from "../src/index.js";
import { hasNginx, nginxBefore } from "./nginx-proxy.js";
import { clientOf, serve, simulate } from "./serve.js";

async function answerOf(url: string): Promise<IncomingMessage> {
  const [answer] = (await once(get(url, { agent: false, headers: { accept: "text/event-stream" } }), "response")) as [
    IncomingMessage,
  ];
  return answer.setEncoding("utf8");
}

describe.skipIf(!hasNginx)("behind nginx as docs/deploy.md sets it", () => {
  test("ten events arrive as ten reads, each before the next is made", async () => {
    const gates = Array.from({ length: 10 }, () => Promise.withResolvers<void>());
    async function* events() {
      for (const [at, gate] of gates.entries()) {
        yield { at };
        await gate.promise;
      }
    }
    const { port } = await serve((app) => app.get("/", (_req, res) => void pipeStream(events(), res)));
    const answer = await answerOf(await nginxBefore(port, "60s"));
    const reads: string[] = [];
    for await (const read of answer as AsyncIterable<string>) {
      gates[reads.length]?.resolve();
      reads.push(read);
    }
    expect(reads.slice(0, 10)).toEqual(gates.map((_, at) => `data: {"at":${at}}\n\n`));
    expect(reads.slice(10).join("")).toBe("data: [DONE]\n\n");
  });

  test("a silence longer than proxy_read_timeout is survived by pings, and not without them", async () => {
    const silence = Promise.withResolvers<void>();
    async function* events() {
      yield { at: "start" };
      await silence.promise;
      yield { at: "end" };
    }
    const { port } = await serve((app) => {
      app.get("/pings", (_req, res) => void pipeStream(events(), res, { heartbeatMs: 100 }));
      app.get("/none", (_req, res) => void pipeStream(events(), res, { heartbeatMs: 0 }));
    });
    const origin = await nginxBefore(port, "1s");
    const [silent, pinged] = await Promise.all([answerOf(`${origin}/none`), answerOf(`${origin}/pings`)]);
    const cut = once(silent.resume(), "error");
    let text = "";
    let hasOutlived = false;
    void cut.then(() => {
      // The same wait, with the same time-out, that has ended the other one.
      hasOutlived = true;
    });
    for await (const read of pinged as AsyncIterable<string>) {
      text += read;
      if (hasOutlived) silence.resolve();
    }
    expect(((await cut)[0] as NodeJS.ErrnoException).code).toBe("ECONNRESET");
    expect(text.match(/: ping\n\n/g)?.length).toBeGreaterThan(5);
    expect(text.endsWith('data: {"at":"end"}\n\ndata: [DONE]\n\n')).toBe(true);
  });

  test("a reader who leaves is gone for upstream too", async () => {
    const simulator = await simulate();
    simulator.fault("slow", { everyMs: 20 });
    const client = clientOf(simulator);
    const { port } = await serve((app) => {
      app.get("/", chatHandler({ client, request: () => ({ prompt: "Signals, at some length" }) }));
    });
    const answer = await answerOf(await nginxBefore(port, "60s"));
    await once(answer, "data");
    answer.destroy();
    await expect.poll(() => simulator.requests[0]?.state).toBe("closed-by-client");
  });
});
