import type { MessageEvent } from "@nestjs/common";
import { publicErrorBody, type StepEvent } from "@signalbox/core";
import { catchError, concat, map, type Observable, type OperatorFunction, of } from "rxjs";
import { publicEvents } from "./public-events.js";

/**
 * Values for Nest's own `@Sse()`: text, events, partial objects and step events, one message each. Text is sent as it
 * is, everything else as `@ChatStream()` writes it.
 *
 * Shape: `data` is the value; a step event has its `seq` as `id`. `[DONE]` comes last, behind a failure as well, so that
 * a browser's `EventSource` can be closed before it asks, and pays, again.
 * Errors: a failure is one message of type `error` with `{ type: "error", error: { code, message, … } }`, publicly
 * worded; it never reaches the exception filters, since `@Sse()` has begun to answer.
 */
export function toMessageEvents<T>(): OperatorFunction<T, MessageEvent> {
  return (source) => concat(source.pipe(publicEvents(), map(messageOf), catchError(failureOf)), of({ data: "[DONE]" }));
}

function failureOf(error: unknown): Observable<MessageEvent> {
  return of({ type: "error", data: { type: "error", ...publicErrorBody(error) } });
}

function messageOf(value: unknown): MessageEvent {
  const data = value as string | object;
  const { runId, seq } = (typeof value === "object" && value !== null ? value : {}) as Partial<StepEvent>;
  return runId !== undefined && seq !== undefined ? { id: String(seq), data } : { data };
}
