import { createError } from "../errors/error-classes.js";
import { checkApiKey } from "../http/api-key.js";
import type { ProviderCall } from "./llm-provider.js";

/** Headers that are ours to set, or belong to one connection: each transport takes the latter in its own way. */
const RESERVED = new Set([
  ...["authorization", "host", "content-length", "accept-encoding", "expect"],
  ...["connection", "keep-alive", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
]);

/**
 * The headers of one request: the adapter's own, the call's over them, the key last.
 *
 * @throws InvalidRequestError `invalid_request` for a header that a call may not set; ConfigurationError
 * `invalid_config` for a malformed key
 */
export function requestHeaders(request: {
  fixed: Readonly<Record<string, string>>;
  call: ProviderCall;
  streaming: boolean;
  hasBody: boolean;
}): Record<string, string> {
  const headers: Record<string, string> = { accept: request.streaming ? "text/event-stream" : "application/json" };
  if (request.hasBody) headers["content-type"] = "application/json";
  Object.assign(headers, request.fixed);
  for (const [name, value] of Object.entries(request.call.headers ?? {})) {
    if (value === undefined) continue;
    const lower = name.toLowerCase();
    if (RESERVED.has(lower)) throw createError("invalid_request", `the header ${lower} cannot be set by a call`);
    headers[lower] = value;
  }
  // A user's own fetch may ask for compression; from here it is not wanted: it would hold events back.
  headers["accept-encoding"] = "identity";
  const key = checkApiKey(request.call.apiKey);
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
  return headers;
}
