import { Agent, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";

/** What stands between the callers and the upstream; it comes as the only argument, in JSON. */
export interface RelayServer {
  kind: "pipe" | "relay" | "events";
  upstream: string;
  /** File URL of the built core. */
  core: string;
}

/** What it answers "start" and "stop" with: microseconds of CPU since the start, all threads. */
export interface RelayCpu {
  cpuUs: number;
}

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

// The bench installs neither Express nor the adapter: what it needs of them, as it is called here.
interface App {
  use(path: string, router: Handler): void;
  post(path: string, handler: Handler): void;
  listen(port: number, host: string, backlog: number, onListening: () => void): Server;
}
interface Adapter {
  openAICompatible(options: {
    client: unknown;
    authorize: (req: IncomingMessage) => Promise<object>;
    models: string[];
  }): Handler;
  chatHandler(options: { client: unknown; accept: string[] }): Handler;
}

const { kind, upstream, core }: RelayServer = JSON.parse(process.argv[2] ?? "{}");
// The adapter as it is built, with the Express that it is developed against.
const adapter = createRequire(new URL("../../../packages/express/package.json", import.meta.url));
const express = adapter("express") as () => App;
const app = express();

if (kind === "pipe") {
  const agent = new Agent({ keepAlive: true });
  const headers = { "content-type": "application/json", authorization: "Bearer sk-or-v1-bench" };
  app.post("/v1/chat/completions", (req, res) => {
    const call = request(`${upstream}/chat/completions`, { method: "POST", agent, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, { "content-type": answer.headers["content-type"] ?? "" });
      answer.pipe(res);
    });
    call.on("error", () => res.destroy());
    req.pipe(call);
  });
} else {
  const { chatHandler, openAICompatible } = (await import(
    pathToFileURL(adapter.resolve("./dist/index.js")).href
  )) as Adapter;
  const { LLMClient } = (await import(core)) as typeof import("@signalbox/core");
  const client = new LLMClient({
    apiKey: "sk-or-v1-bench",
    baseURL: upstream,
    model: "openai/gpt-4o-mini",
    limits: { requestsPerMinute: 1_000_000, maxConcurrency: 1_000 },
    budget: { usd: 1_000, per: "day" },
    env: false,
  });
  const authorize = async ({ headers }: IncomingMessage) => ({
    user: headers.authorization,
    budget: { usd: 1_000, per: "day" },
  });
  if (kind === "relay") app.use("/v1", openAICompatible({ client, authorize, models: ["openai/*"] }));
  else app.post("/v1/chat/completions", chatHandler({ client, accept: ["model"] }));
}

const server = app.listen(0, "127.0.0.1", 1_024, () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
let start = process.cpuUsage();
process.on("message", (message) => {
  const { user, system } = process.cpuUsage(start);
  if (message === "start") start = process.cpuUsage();
  process.send?.({ cpuUs: user + system } satisfies RelayCpu);
});
process.on("disconnect", () => process.exit());
