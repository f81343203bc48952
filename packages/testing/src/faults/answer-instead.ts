import { toJsonObject } from "../answers/reply.js";
import { type Delivery, keepAliveComment, type Step, sseEvent } from "../delivery/step.js";
import type { JsonObject } from "../json.js";
import type { ApiError } from "../wire/api-error.js";
import type { ErrorBodyFault, Fault, HttpFaultKind } from "./fault.js";
import { httpFaultError } from "./http-fault.js";

/** What a fault that replaces the whole answer needs to know of the request. */
export interface RequestFacts {
  stream: boolean;
  model: string;
  provider: string;
  userId: string;
  now: number;
}

/** What a fault does in place of any answer: an error to throw, a delivery, or a way to end the connection. */
export type Instead = { error: ApiError } | { delivery: Delivery } | { connection: "reset" | "stall" } | undefined;

const htmlPage =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n";

/** The answer that a fault gives in place of any other; `undefined` for faults inside an answer. */
export function answerInstead(fault: Fault, facts: RequestFacts): Instead {
  switch (fault.kind) {
    case "html-502":
      return {
        delivery: { status: 502, headers: { "content-type": "text/html" }, steps: [{ do: "write", data: htmlPage }] },
      };
    case "reset-before-headers":
      return { connection: "reset" };
    case "stall-before-headers":
      return { connection: "stall" };
    case "error-200":
      return { delivery: json200(errorBody(fault.options, facts)) };
    case "error-first-event": {
      const body = errorBody(fault.options, facts);
      return { delivery: facts.stream ? onlyEvent(body) : json200(body) };
    }
    default:
      return isHttpFault(fault)
        ? { error: httpFaultError(fault.kind, fault.options, facts.model, facts.provider, facts.now + 60_000) }
        : undefined;
  }
}

function isHttpFault(fault: Fault): fault is Extract<Fault, { kind: HttpFaultKind }> {
  return /^\d+$/.test(fault.kind);
}

function errorBody(options: ErrorBodyFault, { provider, userId }: RequestFacts): JsonObject {
  const message = options.message ?? `Upstream error from ${provider}: the engine encountered an issue.`;
  const metadata = options.metadata ? toJsonObject(options.metadata) : { provider_name: provider };
  return { error: { message, code: options.code ?? 502, metadata }, user_id: userId };
}

function json200(body: JsonObject): Delivery {
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    steps: [{ do: "write", data: JSON.stringify(body) }],
  };
}

function onlyEvent(body: JsonObject): Delivery {
  const steps: Step[] = [keepAliveComment, keepAliveComment, sseEvent(JSON.stringify(body))];
  return { status: 200, headers: { "content-type": "text/event-stream", "cache-control": "no-cache" }, steps };
}
