import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../src/http/clock.js";
import { nodeTransport } from "../src/http/node-transport.js";
import type { Transport } from "../src/http/transport.js";
import type { LLMProvider } from "../src/provider/llm-provider.js";
import type { ContractHarness, ContractReply } from "./provider-contract.js";

/** A provider over HTTP, with a server on 127.0.0.1 for its model. */
export async function httpHarness(
  create: (options: { baseURL: string; transport: Transport }) => LLMProvider,
): Promise<ContractHarness> {
  const replies: ContractReply[] = [];
  const watchers: (() => void)[] = [];
  let calls = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.once("end", () => {
      calls += 1;
      for (const watcher of watchers.splice(0)) watcher();
      const reply = replies.shift();
      if (reply !== undefined) give(reply, request, response);
      else response.writeHead(500).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const transport = nodeTransport({ clock: systemClock, env: {} });
  const provider = create({ baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, transport });
  return {
    provider,
    reply: (reply) => void replies.push(reply),
    calls: () => calls,
    called: () => new Promise((resolve) => watchers.push(resolve)),
    async close() {
      await provider.close?.();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function give(reply: ContractReply, _request: IncomingMessage, response: ServerResponse): void {
  if (reply.kind === "silence") return;
  if (reply.kind === "answer")
    return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
  if (reply.kind === "refuse") {
    return void response
      .writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
      .end(JSON.stringify(reply.body));
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  for (const chunk of reply.chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  if (reply.end === "done") response.end("data: [DONE]\n\n");
  else if (reply.end === "cut") response.end();
}
