import type { Delivery } from "../delivery/step.js";
import type { JsonValue } from "../json.js";
import type { ApiError } from "./api-error.js";
import { lowerCased } from "./lower-cased.js";

const exposedHeaders = { "access-control-expose-headers": "X-Generation-Id,X-Provider-Name,cf-ray" };

/** Headers of a JSON answer. */
export function jsonHeaders(generationId?: string): Record<string, string> {
  return {
    "content-type": "application/json",
    ...exposedHeaders,
    ...(generationId !== undefined && { "x-generation-id": generationId }),
  };
}

/** Headers of a streamed answer. */
export function streamHeaders(generationId: string): Record<string, string> {
  return {
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    ...exposedHeaders,
    "x-generation-id": generationId,
  };
}

export function jsonDelivery(body: JsonValue, generationId?: string): Delivery {
  return {
    status: 200,
    headers: jsonHeaders(generationId),
    steps: [{ do: "write", data: JSON.stringify(body), tokens: 0 }],
  };
}

export function errorDelivery(error: ApiError, userId: string): Delivery {
  const body = JSON.stringify(error.envelope(userId));
  return {
    status: error.status,
    headers: { ...jsonHeaders(), ...lowerCased(error.headers) },
    steps: [{ do: "write", data: body }],
  };
}
