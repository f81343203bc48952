import type { ReplyOptions } from "../answers/reply.js";
import type { Delivery } from "../delivery/step.js";
import { httpMessage } from "../faults/http-fault.js";
import { ApiError } from "../wire/api-error.js";
import { jsonHeaders } from "../wire/json-delivery.js";
import { lowerCased } from "../wire/lower-cased.js";

/** The answer of a reply that scripts status or body instead of a completion. */
export function scriptedBody(reply: ReplyOptions): Delivery | undefined {
  const status = reply.status ?? 200;
  if (reply.body === undefined) {
    if (status < 400) return undefined;
    throw new ApiError(status, httpMessage(status), { headers: reply.headers ?? {} });
  }
  const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
  const type = text.startsWith("<")
    ? "text/html"
    : text.startsWith("data:") || text.startsWith(":")
      ? "text/event-stream"
      : "application/json";
  return {
    status,
    headers: { ...jsonHeaders(), "content-type": type, ...lowerCased(reply.headers) },
    steps: [{ do: "write", data: text, tokens: 0 }],
  };
}
