import { createError } from "../errors/error-classes.js";
import { watchDeparture } from "./departure.js";
import type { ServerAnswer, ServerRequest } from "./server-answer.js";

/**
 * A signal that aborts when the client leaves before its answer is finished, for calls whose answer is not piped.
 *
 * Shape: already aborted when the client had left; `reason` is an AbortedError (`aborted`). A body that was read to
 * its end, which makes `req` emit `close`, is no departure.
 * Cancels: never after the answer is finished; its listeners are gone then.
 *
 * @param _req - the request that `res` answers
 */
export function disconnectSignal(_req: ServerRequest, res: ServerAnswer): AbortSignal {
  const controller = new AbortController();
  watchDeparture(res, () => controller.abort(createError("aborted", "the client has left")));
  return controller.signal;
}
