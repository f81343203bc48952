import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { LLMClient, type LLMClientOptions } from "../src/index.js";
import { bodyOf, httpLoopback } from "./loopback.js";
import { ManualClock } from "./manual-clock.js";

/** A request as the server got it. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** The JSON body; empty where there is none. */
  body: Record<string, unknown>;
}

/** Answers one request; `count` is 1 for the first. */
export type Answer = (seen: Seen, response: ServerResponse, count: number) => unknown;

/** A server on 127.0.0.1 that a test writes, and a client of it whose clock the test moves. Both end with the test. */
export async function upstream(answer: Answer, options: LLMClientOptions = {}) {
  const requests: Seen[] = [];
  const { url } = await httpLoopback(async (request, response) => {
    const text = await bodyOf(request);
    const isJson = request.headers["content-type"]?.includes("json") && text !== "";
    const seen: Seen = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      text,
      body: isJson ? JSON.parse(text) : {},
    };
    requests.push(seen);
    await answer(seen, response, requests.length);
  });
  const clock = new ManualClock();
  const baseURL = `${url}/api/v1`;
  const llm = new LLMClient({ apiKey: "sk-or-v1-canary", baseURL, env: false, clock, ...options });
  onTestFinished(() => llm.close());
  return { llm, clock, requests, baseURL };
}

/** A whole answer of a model, with what it cost. */
export const completion = {
  id: "gen-1",
  choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.25 },
};

export const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): unknown => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

/** Opens an event stream and writes what is given: objects as data, text as it is. The stream stays open. */
export function events(response: ServerResponse, ...parts: readonly (object | string)[]): void {
  if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
  for (const part of parts) response.write(typeof part === "string" ? part : `data: ${JSON.stringify(part)}\n\n`);
}

/** A chunk with a piece of text. */
export const textChunk = (content: string, id = "gen-1") => ({ id, choices: [{ index: 0, delta: { content } }] });

/** What another SDK hands to `fetch`. */
export const post = (body: object, more: RequestInit = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
  ...more,
});
