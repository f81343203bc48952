import type { JsonObject } from "../json.js";
import { ApiError } from "../wire/api-error.js";
import type { HttpFault } from "./fault.js";

/** Texts as recorded, or as OpenRouter's OpenAPI file gives them. */
const messages: Readonly<Record<string, string>> = {
  "400": "Provider returned error",
  "401": "User not found.",
  "402": "Insufficient credits. Add more using https://openrouter.ai/credits",
  "403": "Provider returned error",
  "404":
    "No endpoints found matching your data policy (Free model publication). Configure: https://openrouter.ai/settings/privacy",
  "408": "Request timed out. Please try again later.",
  "409": "Conflict",
  "413": "Payload too large",
  "422": "Unprocessable entity",
  "429": "Provider returned error",
  "500": "Internal Server Error",
  "502": "Provider returned error",
  "503": "Service temporarily unavailable",
  "504": "Provider timed out",
  "524": "Request timed out. Please try again later.",
  "529": "Provider returned error",
};

const rawAnswers: Readonly<Record<string, (model: string) => string>> = {
  "400": () =>
    '{\n  "error": {\n    "message": "Invalid request.",\n    "type": "invalid_request_error",\n    "param": null,\n    "code": null\n  }\n}',
  "403": () =>
    '{"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage guidelines."}',
  "429": (model) =>
    `${model} is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your rate limits: https://openrouter.ai/settings/integrations`,
  "502": () => '{"errors":[{"message":"Internal server error","code":3043}],"success":false,"result":{},"messages":[]}',
  "529": () => '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
};

/** The text that goes with a status. */
export function httpMessage(status: number): string {
  return messages[status] ?? `HTTP ${status}`;
}

/** The error an HTTP fault answers with. */
export function httpFaultError(
  status: string,
  options: HttpFault,
  model: string,
  provider: string,
  resetAt: number,
): ApiError {
  const headers: Record<string, string> = {};
  if (options.retryAfter !== undefined) headers["retry-after"] = String(options.retryAfter);
  if (status === "429" && options.platform) {
    const limit = rateLimitError(20, resetAt, `${model.endsWith(":free") ? "free-models" : "requests"}-per-min`);
    return options.retryAfter === undefined && options.message === undefined
      ? limit
      : new ApiError(429, options.message ?? limit.message, {
          headers: { ...limit.headers, ...headers },
          metadata: rateLimitMetadata(20, resetAt),
        });
  }
  const raw = rawAnswers[status]?.(model);
  const metadata =
    (options.metadata as JsonObject | undefined) ?? (raw === undefined ? undefined : { provider_name: provider, raw });
  return new ApiError(Number(status), options.message ?? httpMessage(Number(status)), {
    headers,
    ...(metadata && { metadata }),
    anonymous: status === "401",
  });
}

/** OpenRouter's own 429: the limit in headers and in the body, the reset in epoch milliseconds, no `Retry-After`. */
export function rateLimitError(limit: number, resetAt: number, bucket: string): ApiError {
  const metadata = rateLimitMetadata(limit, resetAt);
  return new ApiError(429, `Rate limit exceeded: ${bucket}. `, {
    headers: metadata.headers as Record<string, string>,
    metadata,
  });
}

function rateLimitMetadata(limit: number, resetAt: number): JsonObject {
  return {
    headers: {
      "X-RateLimit-Limit": String(limit),
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Reset": String(Math.ceil(resetAt)),
    },
    provider_name: null,
  };
}
