import { AsyncResource } from "node:async_hooks";
import { type LLM, LLMClient, type LLMClientOptions, type ScopeOptions } from "@signalbox/core";
import { disconnectSignal, type OptionRules, shuttingDown } from "@signalbox/core/node";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { lastOnItsConnection } from "./last-on-its-connection.js";
import { LiveRequests } from "./live-requests.js";
import { checkClientOrOptions, isLLM } from "./llm-client-shape.js";
import { checkOptions, refuseRequest, setupMistake } from "./option-checks.js";
import { findRequestLLM, keepRequestLLM } from "./request-llm.js";

/** What every call of a request carries: one for all, or made from the request. */
export type RequestScope = ScopeOptions | ((req: Request, res: Response) => ScopeOptions | Promise<ScopeOptions>);

/** Where the middleware puts the client, and what it surrounds. */
export interface LLMMiddlewareOptions {
  /** The property of `req` that the client is put on; `getLLM` finds it under any name. @default "llm" */
  requestPropertyName?: string | undefined;
  /** Enter `client.run` for the request, so that calls of the client itself carry the scope too. @default true */
  context?: boolean | undefined;
}

/** The middleware, with the client it serves. */
export interface LLMMiddleware extends RequestHandler {
  readonly client: LLM;
  /**
   * Shuts down: requests that arrive from now on get 503 with `Retry-After`, those under way get `graceMs`, then their
   * calls are aborted and their streams end with one error event. Runs that go on without their client are given up
   * then, and can be resumed by another process. Closes the client where the middleware made it; a client that was
   * given is left alone. Idempotent. @default graceMs 0
   */
  close(options?: { graceMs?: number | undefined }): Promise<void>;
}

const OPTIONS: OptionRules<LLMMiddlewareOptions> = { requestPropertyName: "anything", context: "anything" };
/** Properties of a request that its handlers cannot do without. */
const TAKEN = [
  "app",
  "baseUrl",
  "body",
  "headers",
  "method",
  "next",
  "params",
  "path",
  "query",
  "res",
  "socket",
  "url",
];

/**
 * Middleware that puts a client on each request, scoped to it and aborted when its caller leaves.
 *
 * Shape: takes a client, or the options of one; `scope` is what each request adds, such as `{ user, budget }`.
 * `req.llm` carries it and, unless `context` is false, so does every call of the client inside the request.
 * Throws: ConfigurationError at start-up; a scope that fails or is not valid goes to `next`.
 * Cancels: a caller that leaves before its answer is finished aborts every call of the request; so does the end of
 * the grace period of `close()`, which waits until the answers have ended.
 */
export function llmMiddleware(
  clientOrOptions: LLM | LLMClientOptions = {},
  scope: RequestScope = {},
  options: LLMMiddlewareOptions = {},
): LLMMiddleware {
  refuseRequest("llmMiddleware", clientOrOptions);
  checkOptions("llmMiddleware", options, OPTIONS);
  checkClientOrOptions("llmMiddleware", clientOrOptions);
  const property = checkProperty(options.requestPropertyName ?? "llm");
  const context = options.context ?? true;
  const given = isLLM(clientOrOptions);
  const client = given ? clientOrOptions : new LLMClient(clientOrOptions);
  const live = new LiveRequests();
  let closed: Promise<void> | undefined;
  // A scope that is wrong for every request is wrong at start-up.
  if (typeof scope !== "function") client.scope(checkScope(scope));

  const enter = (req: Request, res: Response, next: NextFunction, own: ScopeOptions) => {
    // The server may have begun to shut down while the scope was made.
    if (live.refuses(res)) return refuse(res, next);
    let entered = false;
    try {
      const { signal } = checkScope(own);
      const end = live.enter(res, disconnectSignal(req, res));
      const layer = { ...own, signal: signal ? AbortSignal.any([signal, end]) : end };
      // Here a middleware before this one has tied every scope to the caller's leaving.
      const around = findRequestLLM(req)?.lastingly ?? outsideOfRuns();
      const lasting = around(() => client.scope(own));
      const lastingly = <T>(fn: () => T) => around(() => (context ? client.run(own, fn) : fn()));
      const callerKey = typeof scope === "function" && own.apiKey !== undefined;
      const proceed = (llm: LLM) => {
        (req as Request & Record<string, unknown>)[property] = llm;
        keepRequestLLM(req, { llm, end, lasting, lastingly, keep: (run) => live.keep(run), callerKey });
        entered = true;
        next();
      };
      // A child made inside the run counts the run's layer once.
      if (context) client.run(layer, () => proceed(client.scope({})));
      else proceed(client.scope(layer));
    } catch (error) {
      // What the handlers behind threw is theirs, and was reported.
      if (entered) throw error;
      next(error);
    }
  };

  const handler: RequestHandler = (req, res, next) => {
    if (live.refuses(res)) return refuse(res, next);
    let own: ScopeOptions | Promise<ScopeOptions>;
    try {
      own = typeof scope === "function" ? scope(req, res) : scope;
    } catch (error) {
      return next(error);
    }
    if (isPromise(own)) own.then((known) => enter(req, res, next, known), next);
    else enter(req, res, next, own);
  };

  return Object.assign(handler, {
    client,
    close: ({ graceMs = 0 }: { graceMs?: number | undefined } = {}) => {
      closed ??= (async () => {
        const start = performance.now();
        await live.drain(graceMs);
        if (given) return;
        // What the aborted calls have cost.
        await client.settled();
        // Work that has outlived its request has what is left of the time.
        await client.close({ graceMs: Math.max(0, start + graceMs - performance.now()) });
      })();
      return closed;
    },
  });
}

function refuse(res: Response, next: NextFunction): void {
  lastOnItsConnection(res);
  next(shuttingDown());
}

/** Calls a function where the first middleware of a request was called: in none of their runs. */
function outsideOfRuns(): <T>(fn: () => T) => T {
  const resource = new AsyncResource("signalbox.llmMiddleware");
  return (fn) => resource.runInAsyncScope(fn);
}

function checkProperty(name: unknown): string {
  if (typeof name === "string" && name !== "" && !TAKEN.includes(name)) return name;
  throw setupMistake(
    "llmMiddleware: `requestPropertyName` cannot be the name of the client",
    `Give a text that is not empty and none of: ${TAKEN.join(", ")}.`,
  );
}

function checkScope(scope: unknown): ScopeOptions {
  if (typeof scope === "object" && scope !== null && !Array.isArray(scope)) return scope;
  throw setupMistake(
    "llmMiddleware: the scope is no object",
    "Give or return an object such as { user }; {} adds nothing.",
  );
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
