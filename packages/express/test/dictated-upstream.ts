import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMClient, type LLMClientOptions } from "@signalbox/core";
import { onTestFinished } from "vitest";

/** One streamed answer whose words a test says when it likes. */
export interface Dictation {
  say(text: string): void;
  /** The finish word and the end. */
  end(): void;
  /** Resolves when the request is gone, answered or not. */
  closed: Promise<void>;
}

interface DictatedUpstream {
  client: LLMClient;
  /** What `client` was made of. */
  options: LLMClientOptions;
  next(): Promise<Dictation>;
}

/** A model that says what it is told to, word by word, over a socket; and a client of it. */
export async function dictatedUpstream(): Promise<DictatedUpstream> {
  const waiting: Dictation[] = [];
  let arrived = Promise.withResolvers<void>();
  const server = createServer((req, res) => {
    req.resume();
    res.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    waiting.push(dictation(res));
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const options: LLMClientOptions = {
    provider: "custom",
    baseURL: `http://127.0.0.1:${port}`,
    model: "dictated",
    retry: false,
    env: false,
  };
  const client = new LLMClient(options);
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    client,
    options,
    async next() {
      for (;;) {
        const first = waiting.shift();
        if (first !== undefined) return first;
        await arrived.promise;
      }
    },
  };
}

function dictation(res: ServerResponse): Dictation {
  const chunk = (choice: object) =>
    res.write(`data: ${JSON.stringify({ id: "gen-1", choices: [{ index: 0, ...choice }] })}\n\n`);
  return {
    say: (text) => void chunk({ delta: { content: text } }),
    end() {
      chunk({ delta: {}, finish_reason: "stop" });
      res.end("data: [DONE]\n\n");
    },
    closed: new Promise((resolve) => void res.once("close", () => resolve())),
  };
}
