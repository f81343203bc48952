import type { LLM } from "@signalbox/core";
import type { Request } from "express";
import type { LastingRun } from "./live-requests.js";
import { setupMistake } from "./option-checks.js";

/** What the middleware leaves on a request for the handlers behind it. */
export interface RequestLLM {
  /** Aborts when the client leaves. */
  readonly llm: LLM;
  /** Aborts when the client leaves, or at the end of the grace period of a shutdown. */
  readonly end: AbortSignal;
  /** The same scope without the client's leaving: for work that outlives the request. */
  readonly lasting: LLM;
  /** Calls `fn` in the scopes of the request's middleware without the client's leaving. */
  readonly lastingly: <T>(fn: () => T) => T;
  /** Has the middleware give a run up that outlives its request, when the grace period of a shutdown is over. */
  readonly keep: (run: LastingRun) => void;
  /** The scope of this very request brought the key: upstream's refusal of it is the caller's fault. */
  readonly callerKey: boolean;
}

// A global symbol: two installs of this package meet on one request.
const PLACE = Symbol.for("signalbox.express.llm");

export function keepRequestLLM(req: Request, given: RequestLLM): void {
  Object.defineProperty(req, PLACE, { value: given, configurable: true });
}

export function findRequestLLM(req: Request): RequestLLM | undefined {
  return (req as Request & { [PLACE]?: RequestLLM })[PLACE];
}

/** What the middleware left. Throws `invalid_config` where it did not run. */
export function requireRequestLLM(req: Request): RequestLLM {
  const found = findRequestLLM(req);
  if (found !== undefined) return found;
  throw setupMistake(
    "this request has no LLM client: llmMiddleware() did not run before the handler",
    "Mount app.use(llmMiddleware(client)) above the route, or give the handler a `client`.",
  );
}

/**
 * The client of this request: scoped as `llmMiddleware` was told, and aborted when the client of the request leaves.
 *
 * Shape: the one of the innermost middleware, whatever property name it was given.
 *
 * @throws ConfigurationError `invalid_config` where no middleware ran before
 */
export function getLLM(req: Request): LLM {
  return requireRequestLLM(req).llm;
}
