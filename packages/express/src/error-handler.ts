import { LLMError, publicErrorBody, responseStatus } from "@signalbox/core";
import { shutdownOf } from "@signalbox/core/node";
import type { ErrorRequestHandler, Request, Response } from "express";
import { readParserError } from "./body/parser-error.js";
import { lastOnItsConnection } from "./last-on-its-connection.js";
import { checkOptions } from "./option-checks.js";
import { findRequestLLM } from "./request-llm.js";
import { setRetryAfter } from "./retry-after.js";

/** How much of a failure callers are told. */
export interface LLMErrorHandlerOptions {
  /** Show callers what failures say: always, or never. @default the error's own `expose` */
  expose?: boolean | undefined;
}

/**
 * An error handler for what calls of a model throw, and for what body parsers say about a request.
 *
 * Shape: `{ error: { code, message, hint?, retryable, retryAfterMs?, generationId? } }` with the status that the
 * error stands for, and `Retry-After` in whole seconds where it is known. Any other error goes to the next handler.
 * Cancels: nothing is written to a caller that has left; an answer that has begun goes to the next handler, whose
 * last one closes the connection.
 */
export function llmErrorHandler(options: LLMErrorHandlerOptions = {}): ErrorRequestHandler {
  checkOptions("llmErrorHandler", options, { expose: "anything" });
  return (error: unknown, req, res, next) => {
    const known = readError(error, req);
    if (known === undefined) return next(error);
    if (known.code === "aborted" && hasLeft(req, res)) return void res.destroy();
    if (res.headersSent) return next(error);
    if (known.code === "aborted" && known.status === 503) lastOnItsConnection(res);
    setRetryAfter(res, known.retryAfterMs);
    res.status(responseStatus(known, findRequestLLM(req)?.callerKey));
    res.setHeader("Content-Type", "application/json; charset=utf-8");
    res.json(publicErrorBody(known, options.expose));
  };
}

function readError(error: unknown, req: Request): LLMError | undefined {
  const shutdown = findRequestLLM(req) && shutdownOf(error);
  return shutdown ?? (LLMError.is(error) ? error : readParserError(error));
}

/** Also true for a caller that has closed its half of the connection: the server then closes its own. */
function hasLeft(req: Request, res: Response): boolean {
  return res.destroyed || req.socket.destroyed || req.socket.writableEnded;
}
