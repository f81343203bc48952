// A process: an Express application under load.
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMError } from "@signalbox/core";
import { chatHandler, type LLMMiddleware, llmErrorHandler, llmMiddleware, openAICompatible } from "@signalbox/express";
import express, { type RequestHandler, type Response } from "express";
import { answerParent } from "./answer.ts";

/** Memory of the process after a collection, in bytes. */
export interface Memory {
  heap: number;
  /** Buffers outside of the heap. */
  external: number;
  rss: number;
}

const failures: string[] = [];
const live = new Set<Response>();
let server: Server | undefined;
let middleware: LLMMiddleware | undefined;

const onError = (error: unknown) => {
  if (!(LLMError.is(error) && error.code === "aborted")) failures.push(String(error));
};
process.on("unhandledRejection", (error) => failures.push(`unhandled: ${error}`));
process.on("warning", (warning) => failures.push(`warning: ${warning}`));

/** The least that can be done: bytes from upstream to the caller, and an abort where the caller leaves. */
const pipe =
  (baseURL: string): RequestHandler =>
  (req, res) => {
    const headers = { "content-type": "application/json", authorization: "Bearer sk-or-soak" };
    const asked = request(`${baseURL}/chat/completions`, { method: "POST", headers });
    asked.on("error", () => res.destroy());
    asked.on("response", (answer) => answer.pipe(res));
    res.on("close", () => asked.destroy());
    req.pipe(asked);
  };

answerParent({
  async listen({ baseURL }: { baseURL: string }): Promise<number> {
    server?.closeAllConnections();
    server?.close();
    await middleware?.close();
    middleware = llmMiddleware(
      { apiKey: "sk-or-soak", baseURL, model: "openai/gpt-4o-mini", retry: false, env: false },
      (req) => ({ user: req.get("x-user") }),
    );
    const app = express();
    app.use((_req, res, next) => {
      live.add(res);
      res.once("close", () => live.delete(res));
      next();
    });
    app.post("/pipe/chat/completions", pipe(baseURL));
    app.use(middleware);
    app.post("/chat", chatHandler({ onError }));
    app.use("/v1", openAICompatible({ authorize: "none" }));
    app.use(llmErrorHandler());
    server = app.listen(0, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    return (server.address() as AddressInfo).port;
  },
  /** How many answers wait for callers who do not read. */
  blocked: () => [...live].filter((res) => res.writableNeedDrain).length,
  live: () => live.size,
  failures: () => failures.splice(0),
  memory(): Memory {
    for (let turn = 0; turn < 3; turn++) globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heap: heapUsed, external, rss };
  },
});
