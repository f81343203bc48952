import { createError } from "../errors/error-classes.js";
import { refuseUnknownKeys, STRUCTURED_REQUEST_KEYS } from "../generate/known-keys.js";
import type { StructuredRequest } from "../generate/structured-types.js";
import { STRATEGIES } from "./strategy-ladder.js";

const CHOICES = ["auto", ...STRATEGIES];
const PARTIALS = ["per-read", "per-delta"];

/**
 * Checks what a request for an object has beyond others.
 *
 * @throws InvalidRequestError `invalid_request`, naming the field and what is allowed
 */
export function checkStructuredRequest(request: StructuredRequest): void {
  if (typeof request !== "object" || request === null) throw wrong("a request is an object such as { prompt, schema }");
  refuseUnknownKeys("request", request, STRUCTURED_REQUEST_KEYS);
  const { strategy, reasks, partials } = request;
  if (strategy !== undefined && !CHOICES.includes(strategy)) {
    throw wrong(`\`strategy\` is ${JSON.stringify(strategy)}; allowed is one of ${CHOICES.join(", ")}`);
  }
  if (reasks !== undefined && !(Number.isInteger(reasks) && reasks >= 0)) {
    throw wrong(`\`reasks\` is ${JSON.stringify(reasks)}; allowed is a whole number of 0 or more`);
  }
  if (partials !== undefined && !PARTIALS.includes(partials)) {
    throw wrong(`\`partials\` is ${JSON.stringify(partials)}; allowed is one of ${PARTIALS.join(", ")}`);
  }
}

function wrong(message: string) {
  return createError("invalid_request", message);
}
