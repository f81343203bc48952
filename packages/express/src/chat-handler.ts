import { AbortedError, type GenerateRequest, type GenerateResult, type LLM } from "@signalbox/core";
import { disconnectSignal, pipeStream, publicResult, STREAM_FORMATS, type StreamFormat } from "@signalbox/core/node";
import type { Request, RequestHandler, Response } from "express";
import { readBodyLimit } from "./body/body-limit.js";
import { jsonBodyReader } from "./body/json-body.js";
import { callListener } from "./callback-fault.js";
import { type Accept, readAccept } from "./chat/accept.js";
import { readChatBody } from "./chat/chat-body.js";
import { mergeRequests } from "./chat/merge-requests.js";
import { checkClient } from "./llm-client-shape.js";
import { checkFunction, checkOneOf, checkOptionNames } from "./option-checks.js";
import { getLLM } from "./request-llm.js";

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
  /** Hears of every answer that came to its end. */
  onFinish?: ((result: GenerateResult, req: Request) => unknown) | undefined;
  /** Hears of every failure, also of one after the first byte, and of callers that left (`aborted`). */
  onError?: ((error: unknown, req: Request) => unknown) | undefined;
  /** The longest body the handler reads itself, in bytes or as `"10mb"`. @default "10mb" */
  bodyLimit?: string | number | undefined;
}

const OPTIONS = ["client", "request", "accept", "format", "onFinish", "onError", "bodyLimit"];

/**
 * A handler that answers a chat: JSON, or a stream where the body says `stream: true` or `Accept` is
 * `text/event-stream`.
 *
 * Shape: takes `prompt` or `messages` (user and assistant, text and images), `stream`, and what `accept` opens. JSON
 * holds text, reasoning, a `message` for the history, tool calls, finish words, usage, cost, model and warnings.
 * Throws: ConfigurationError at start-up. Whatever fails before the first byte goes to `next`: a body that holds
 * more than is open, is no JSON or has another content type is `invalid_request`. Afterwards the format tells it.
 * Cancels: a caller that leaves ends the call upstream; nothing is written and `next` is not called then.
 */
export function chatHandler(options: ChatHandlerOptions = {}): RequestHandler {
  checkOptionNames("chatHandler", options, OPTIONS);
  checkClient("chatHandler", options.client);
  for (const name of ["request", "onFinish", "onError"] as const) checkFunction("chatHandler", name, options[name]);
  checkOneOf("chatHandler", "format", options.format, STREAM_FORMATS);
  const { format, onFinish, onError } = options;
  const open = readAccept(options.accept);
  const readBody = jsonBodyReader(readBodyLimit("chatHandler", options.bodyLimit ?? "10mb"));

  const finished = (result: GenerateResult, req: Request) => callListener("onFinish", () => onFinish?.(result, req));
  const failed = (error: unknown, req: Request) => callListener("onError", () => onError?.(error, req));

  const answer = async (req: Request, res: Response, departure: AbortSignal) => {
    const llm = options.client ?? getLLM(req);
    const asked = await readChatBody(await readBody(req, res), open, req);
    const request = mergeRequests(asked.request, await options.request?.(req), departure);
    if (asked.stream || req.headers.accept?.includes("text/event-stream")) {
      const { result, error } = await pipeStream(llm.stream(request), res, { format });
      if (result !== undefined) return finished(result, req);
      return failed(error ?? new AbortedError("aborted", "the client has left"), req);
    }
    const result = await llm.generate(request);
    res.json({ ...publicResult(result), message: { role: "assistant", content: result.text } });
    await finished(result, req);
  };

  return (req, res, next) => {
    const departure = disconnectSignal(req, res);
    answer(req, res, departure).catch((error: unknown) => {
      void failed(error, req);
      if (!departure.aborted) next(error);
    });
  };
}
