import {
  AbortedError,
  type GenerateRequest,
  type GenerateResult,
  InvalidRequestError,
  type LLM,
} from "@signalbox/core";
import {
  chatRequests,
  type OptionRules,
  pipeStream,
  publicResult,
  STREAM_FORMATS,
  type StreamFormat,
  shutdownOf,
} from "@signalbox/core/node";
import type { Request, RequestHandler, Response } from "express";
import { readBodyLimit } from "./body/body-limit.js";
import { jsonBodyReader } from "./body/json-body.js";
import { callListener } from "./callback-fault.js";
import type { Accept } from "./chat/accept.js";
import { endOfAnswer } from "./end-of-answer.js";
import { lastOnItsConnection } from "./last-on-its-connection.js";
import { checkClient } from "./llm-client-shape.js";
import { checkOptions } from "./option-checks.js";
import { findRequestLLM, getLLM } from "./request-llm.js";

/** How a chat handler asks and answers. */
export interface ChatHandlerOptions {
  /** @default the one that `llmMiddleware` put on the request */
  client?: LLM | undefined;
  /** The server's part of every call; it wins over the body. Reads `req.body` after it was parsed. */
  request?: ((req: Request) => Partial<GenerateRequest> | Promise<Partial<GenerateRequest>>) | undefined;
  /** Fields that a body may set besides `prompt`, `messages` and `stream`. @default none */
  accept?: Accept | undefined;
  /** How a streamed answer is written. @default "events" */
  format?: StreamFormat | undefined;
  /** A comment is written to a stream after so many milliseconds of silence; 0 = never. @default 15_000 */
  heartbeatMs?: number | undefined;
  /** Hears of every answer that came to its end. */
  onFinish?: ((result: GenerateResult, req: Request) => unknown) | undefined;
  /** Hears of every failure, also of one after the first byte, and of callers that left (`aborted`). */
  onError?: ((error: unknown, req: Request) => unknown) | undefined;
  /** The longest body the handler reads itself, in bytes or as `"10mb"`. @default "10mb" */
  bodyLimit?: string | number | undefined;
}

const OPTIONS: OptionRules<ChatHandlerOptions> = {
  client: "anything",
  request: "function",
  accept: "anything",
  format: STREAM_FORMATS,
  heartbeatMs: "milliseconds",
  onFinish: "function",
  onError: "function",
  bodyLimit: "anything",
};

/**
 * A handler that answers a chat: JSON, or a stream where the body says `stream: true` or `Accept` is
 * `text/event-stream`.
 *
 * Shape: takes `prompt` or `messages` (user and assistant, text and images), `stream`, and what `accept` opens. JSON
 * holds text, reasoning, a `message` for the history, tool calls, finish words, usage, cost, model and warnings.
 * Throws: ConfigurationError at start-up. Whatever fails before the first byte goes to `next`: a body that holds
 * more than is open, is no JSON or has another content type is `invalid_request`, and so are HEAD and OPTIONS, whose
 * callers read no answer. Afterwards the format tells it.
 * Cancels: a caller that leaves, or an answer that somebody else has given, ends the call upstream; nothing is
 * written and `next` is not called then.
 */
export function chatHandler(options: ChatHandlerOptions = {}): RequestHandler {
  checkOptions("chatHandler", options, OPTIONS);
  checkClient("chatHandler", options.client);
  const { format, heartbeatMs, onFinish, onError } = options;
  const readRequest = chatRequests("chatHandler", options.accept);
  const readBody = jsonBodyReader(readBodyLimit("chatHandler", options.bodyLimit ?? "10mb"));

  const finished = (result: GenerateResult, req: Request) => callListener("onFinish", () => onFinish?.(result, req));
  const failed = (error: unknown, req: Request) => callListener("onError", () => onError?.(error, req));

  const answer = async (req: Request, res: Response, end: AbortSignal) => {
    if (req.method === "HEAD" || req.method === "OPTIONS") throw notAsked(req.method, res);
    const llm = options.client ?? getLLM(req);
    // A client of the handler's own does not carry the scope that the middleware aborts.
    const shutdown = options.client && findRequestLLM(req)?.end;
    const signal = shutdown ? AbortSignal.any([end, shutdown]) : end;
    const server = async () => ({ request: await options.request?.(req), signal });
    const { request, stream } = await readRequest(await readBody(req, res), req, server);
    if (stream || req.headers.accept?.toLowerCase().includes("text/event-stream")) {
      const { result, error } = await pipeStream(llm.stream(request), res, { format, heartbeatMs });
      if (result !== undefined) return finished(result, req);
      return failed(error ?? new AbortedError("aborted", "the client has left"), req);
    }
    const result = await llm.generate(request);
    const body = { ...publicResult(result), message: { role: "assistant", content: result.text } };
    if (!res.headersSent) res.json(body);
    else if (!res.writableEnded) res.end(JSON.stringify(body));
    await finished(result, req);
  };

  return (req, res, next) => {
    const end = endOfAnswer(req, res);
    answer(req, res, end).catch((error: unknown) => {
      void failed(error, req);
      if (end.aborted) return;
      const shutdown = shutdownOf(error);
      if (shutdown !== undefined) lastOnItsConnection(res);
      next(shutdown ?? error);
    });
  };
}

function notAsked(method: string, res: Response): InvalidRequestError {
  res.setHeader("Allow", "GET, POST");
  return new InvalidRequestError("invalid_request", `${method} asks no model`, {
    status: 405,
    hint: "Send POST with a JSON body.",
  });
}
