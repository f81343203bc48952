import { present } from "../generate/present.js";
import type { RequestEnd, Watcher } from "../generate/request-watch.js";
import type { Clock } from "../http/clock.js";
import type { Logger } from "./client-options.js";

/**
 * Writes what becomes of each request and each tool to the log: outcome, attempts, times. `requestId` is also the id of
 * the request's record in the ledger and stands on its span. Never a user, a header or a text.
 */
export function logWatcher(debug: NonNullable<Logger["debug"]>, clock: Clock): Watcher {
  return {
    request({ id: requestId, operation, provider, model }) {
      let waitedMs: number | undefined;
      const about = { requestId, operation, provider, model };
      return {
        within: (work) => work(),
        waited(ms) {
          waitedMs = (waitedMs ?? 0) + ms;
        },
        // The warning of each repeated attempt is logged as such.
        retried: () => undefined,
        firstToken: () => undefined,
        read: () => undefined,
        booked: () => undefined,
        ended(end) {
          debug("a request ended", { ...about, ...told(end), ...present({ limiterWaitMs: waitedMs }) });
        },
      };
    },
    async tool({ id, name }, work) {
      const began = clock.now();
      const tell = (failed?: true) =>
        debug("a tool ran", { tool: name, callId: id, durationMs: clock.now() - began, ...present({ failed }) });
      try {
        const result = await work();
        tell();
        return result;
      } catch (error) {
        tell(true);
        throw error;
      }
    },
    ended: () => undefined,
    // The warning that goes with it is logged.
    circuit: () => undefined,
  };
}

function told({ message: _, model: answeredBy, ...end }: RequestEnd): object {
  return present({ ...end, answeredBy });
}
