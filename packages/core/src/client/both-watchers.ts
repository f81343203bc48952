import type { RequestWatch, Watcher } from "../generate/request-watch.js";

/** Tells one after the other. */
export function bothWatchers(first: Watcher, second: Watcher): Watcher {
  return {
    request(request) {
      const [one, other] = [first.request(request), second.request(request)];
      const tell = <K extends keyof Omit<RequestWatch, "within">>(event: K): RequestWatch[K] =>
        ((...told: never[]) => {
          (one[event] as (...given: never[]) => void)(...told);
          (other[event] as (...given: never[]) => void)(...told);
        }) as RequestWatch[K];
      return {
        within: (work) => one.within(() => other.within(work)),
        waited: tell("waited"),
        retried: tell("retried"),
        firstToken: tell("firstToken"),
        read: tell("read"),
        ended: tell("ended"),
        booked: tell("booked"),
      };
    },
    tool: (tool, work) => first.tool(tool, () => second.tool(tool, work)),
    ended(call, code) {
      first.ended(call, code);
      second.ended(call, code);
    },
    circuit(model, isOpen) {
      first.circuit(model, isOpen);
      second.circuit(model, isOpen);
    },
  };
}
