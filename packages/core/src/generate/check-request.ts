import { createError } from "../errors/error-classes.js";
import type { GenerateRequest } from "./generate-request.js";
import {
  GENERATE_REQUEST_KEYS,
  REASONING_KEYS,
  RETRY_KEYS,
  ROUTING_KEYS,
  refuseUnknownKeys,
  TIMEOUT_KEYS,
} from "./known-keys.js";

const RESERVED_HEADERS = new Set(["authorization", "host", "content-length"]);

/**
 * Checks a request before anything is sent.
 *
 * Throws: `invalid_request` that names the field, its value and what is allowed.
 */
export function checkRequest(request: GenerateRequest): void {
  if (typeof request !== "object" || request === null) throw wrong("a request is an object such as { prompt }");
  refuseUnknownKeys("request", request, GENERATE_REQUEST_KEYS);
  refuseUnknownKeys("routing", request.routing, ROUTING_KEYS);
  refuseUnknownKeys("reasoning", request.reasoning, REASONING_KEYS);
  refuseUnknownKeys("timeouts", request.timeouts, TIMEOUT_KEYS);
  if (request.retry) refuseUnknownKeys("retry", request.retry, RETRY_KEYS);
  if ((request.prompt === undefined) === (request.messages === undefined)) {
    throw wrong("give exactly one of `prompt` and `messages`");
  }
  if (request.prompt !== undefined && typeof request.prompt !== "string") throw wrong("`prompt` is a string");
  if (request.messages !== undefined && (!Array.isArray(request.messages) || request.messages.length === 0)) {
    throw wrong("`messages` is an array of at least one message");
  }
  inRange("temperature", request.temperature, 0, 2);
  inRange("topP", request.topP, 0, 1);
  whole("maxTokens", request.maxTokens, 1);
  whole("maxSteps", request.maxSteps, 1);
  for (const [name, value] of Object.entries(request.timeouts ?? {}))
    inRange(`timeouts.${name}`, value, 0, Number.MAX_SAFE_INTEGER);
  checkSignalAndHeaders(request);
}

/** What every kind of request may carry besides its body. */
export function checkSignalAndHeaders({ signal, headers }: Pick<GenerateRequest, "signal" | "headers">): void {
  if (signal !== undefined && typeof signal.aborted !== "boolean") throw wrong("`signal` is an AbortSignal");
  for (const name of Object.keys(headers ?? {})) {
    if (RESERVED_HEADERS.has(name.toLowerCase())) throw wrong(`\`headers\` may not set ${name.toLowerCase()}`);
  }
}

function inRange(name: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw wrong(`\`${name}\` is ${JSON.stringify(value)}; allowed is a number from ${least} to ${most}`);
  }
}

function whole(name: string, value: unknown, least: number): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || (value as number) < least) {
    throw wrong(`\`${name}\` is ${JSON.stringify(value)}; allowed is a whole number of ${least} or more`);
  }
}

function wrong(message: string) {
  return createError("invalid_request", message);
}
