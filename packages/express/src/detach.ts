import type { LLM } from "@signalbox/core";
import type { Request } from "express";
import type { LastingRun } from "./live-requests.js";
import { requireRequestLLM } from "./request-llm.js";

/**
 * Starts work that goes on when the client leaves: `detach(req, (llm) => startChatRun(llm, request, { store }))`.
 *
 * Shape: calls `fn` at once with the request's client, and gives what it gives. Everything that is asked for inside is
 * charged as the middleware of the request say (user, budget, limits, policy, key), not by a `client.run()` of your own
 * around the handler, and ends neither with the request nor with its answer: only by its own signal, or when the client
 * itself is closed. A chat run that is given back is waited for by the `close()` of the middleware, and ended when its
 * grace is over.
 *
 * @throws ConfigurationError `invalid_config` where no `llmMiddleware` ran before
 */
export function detach<T>(req: Request, fn: (llm: LLM) => T): T {
  const { lasting, lastingly, keep } = requireRequestLLM(req);
  const work = lastingly(() => fn(lasting));
  if (isLasting(work)) keep(work);
  return work;
}

function isLasting(work: unknown): work is LastingRun {
  const { cancel, settled } = (work ?? {}) as Partial<LastingRun>;
  return typeof cancel === "function" && settled instanceof Promise;
}
