import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** One streamed answer whose words a test says when it likes. */
export interface Dictation {
  say(text: string): void;
  /** The finish word and the end. */
  end(): void;
  /** Resolves when the request is gone, answered or not. */
  readonly closed: Promise<void>;
}

/** A model that says what it is told to, word by word, to whichever process asks it. */
export async function dictatedModel(): Promise<{ baseURL: string; next(): Promise<Dictation> }> {
  const waiting: Dictation[] = [];
  let arrived = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    waiting.push(dictation(response));
    arrived.resolve();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async next() {
      for (;;) {
        const first = waiting.shift();
        if (first !== undefined) return first;
        arrived = Promise.withResolvers();
        await arrived.promise;
      }
    },
  };
}

function dictation(response: ServerResponse): Dictation {
  const chunk = (choice: object) =>
    void response.write(`data: ${JSON.stringify({ id: "gen-1", choices: [{ index: 0, ...choice }] })}\n\n`);
  return {
    say: (text) => chunk({ delta: { content: text } }),
    end() {
      chunk({ delta: {}, finish_reason: "stop" });
      response.end("data: [DONE]\n\n");
    },
    closed: new Promise((resolve) => void response.once("close", () => resolve())),
  };
}
