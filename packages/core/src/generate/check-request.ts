import { createError } from "../errors/error-classes.js";
import { checkMessages } from "./check-messages.js";
import { checkOptions } from "./check-options.js";
import { EXTRA_BODY_ONLY } from "./extra-body-only.js";
import type { GenerateRequest } from "./generate-request.js";
import {
  OPENROUTER_CACHE_OPTIONS,
  REASONING_OPTIONS,
  RESPONSE_CACHE_OPTIONS,
  RETRY_OPTIONS,
  ROUTING_OPTIONS,
  TIMEOUT_OPTIONS,
} from "./option-groups.js";
import { REQUEST_OPTIONS } from "./request-options.js";

const RESERVED_HEADERS = new Set(["authorization", "host", "content-length"]);

/**
 * Checks a request before anything is sent.
 *
 * Throws: `invalid_request` that names the option, its value where that is no text, and what is allowed.
 */
export function checkRequest(request: GenerateRequest): void {
  if (typeof request !== "object" || request === null) throw wrong("a request is an object such as { prompt }");
  checkOptions("request", request, REQUEST_OPTIONS, EXTRA_BODY_ONLY);
  checkOptions("reasoning", request.reasoning, REASONING_OPTIONS);
  checkSurroundings(request);
  const { prompt, messages, reasoning, responseCache } = request;
  if (typeof responseCache === "object") checkOptions("responseCache", responseCache, RESPONSE_CACHE_OPTIONS);
  if ((prompt === undefined) === (messages === undefined)) throw wrong("give exactly one of `prompt` and `messages`");
  if (messages !== undefined) checkMessages(messages);
  if (request.maxTokens !== undefined && request.maxCompletionTokens !== undefined)
    throw wrong("`maxTokens` and `maxCompletionTokens` are the same bound: give one of them");
  if (reasoning?.effort !== undefined && reasoning.maxTokens !== undefined)
    throw wrong("`reasoning.effort` and `reasoning.maxTokens` exclude each other");
}

/** What every kind of request may carry besides its body. */
export function checkSurroundings(
  request: Pick<GenerateRequest, "routing" | "openRouterCache" | "headers" | "timeouts" | "retry">,
): void {
  const { routing, openRouterCache, headers, timeouts, retry } = request;
  checkOptions("routing", routing, ROUTING_OPTIONS);
  checkOptions("timeouts", timeouts, TIMEOUT_OPTIONS);
  if (retry !== false) checkOptions("retry", retry, RETRY_OPTIONS);
  if (typeof openRouterCache === "object") checkOptions("openRouterCache", openRouterCache, OPENROUTER_CACHE_OPTIONS);
  for (const name of Object.keys(headers ?? {})) {
    if (RESERVED_HEADERS.has(name.toLowerCase())) throw wrong(`\`headers\` may not set ${name.toLowerCase()}`);
  }
}

function wrong(message: string) {
  return createError("invalid_request", message);
}
