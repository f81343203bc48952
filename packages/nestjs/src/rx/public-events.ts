import { publicErrorBody, type StreamEvent, ToolError } from "@signalbox/core";
import { publicResult } from "@signalbox/core/node";
import { concatMap, EMPTY, type Observable, type OperatorFunction, of } from "rxjs";

/** What a tool that failed said is the server's business. */
const TOOL_FAILED = publicErrorBody(new ToolError("tool", "")).error.message;

/**
 * The events of `events$()` as a client may see them, for gateways and subscriptions: what `@ChatStream()` writes.
 *
 * Shape: the `result` of `finish` is core's `publicResult`; `usage` comes without upstream's raw object, failed tools
 * without their words; `keep-alive` is left out. Anything that is no event passes as it is.
 */
export function publicEvents<T>(): OperatorFunction<T, T> {
  return concatMap((value) => publicOf(value as StreamEvent) as Observable<T>);
}

function publicOf(event: StreamEvent): Observable<unknown> {
  switch (typeof event === "object" ? event?.type : undefined) {
    case "keep-alive":
      return Object.keys(event).length === 1 ? EMPTY : of(event);
    case "finish": {
      const { result } = event as Partial<Extract<StreamEvent, { type: "finish" }>>;
      // Objects of other people have a `type`, too.
      return typeof result?.text === "string" ? of({ type: "finish", result: publicResult(result) }) : of(event);
    }
    case "step-finish": {
      const step = event as Extract<StreamEvent, { type: "step-finish" }>;
      if (step.usage === undefined) return of(step);
      const { raw: _raw, ...usage } = step.usage;
      return of({ ...step, usage });
    }
    case "tool-result": {
      const tool = event as Extract<StreamEvent, { type: "tool-result" }>;
      return of(tool.isError ? { ...tool, result: { error: TOOL_FAILED } } : tool);
    }
    default:
      return of(event);
  }
}
