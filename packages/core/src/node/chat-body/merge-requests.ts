import { InvalidRequestError } from "../../errors/error-classes.js";
import type { GenerateRequest } from "../../generate/generate-request.js";

/**
 * The request that is sent: the server's part wins over the body's, and either part's signal ends it.
 *
 * @param departure - the caller's leaving, where that is to end it
 *
 * @throws InvalidRequestError `invalid_request` where neither part says what is asked
 */
export function mergeRequests(
  asked: Partial<GenerateRequest>,
  server: Partial<GenerateRequest> | undefined,
  departure: AbortSignal | undefined,
): GenerateRequest {
  const own = Object.fromEntries(
    Object.entries(server ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<GenerateRequest>;
  const { prompt, messages, ...fields } = asked;
  const question = own.prompt === undefined && own.messages === undefined ? { prompt, messages } : {};
  const signal = own.signal && departure ? AbortSignal.any([own.signal, departure]) : (own.signal ?? departure);
  const merged = { ...fields, ...question, ...own, signal };
  if (merged.prompt !== undefined || merged.messages !== undefined) return merged;
  throw new InvalidRequestError("invalid_request", "neither `prompt` nor `messages` was given", {
    hint: 'Send { "prompt": "…" } or { "messages": [{ "role": "user", "content": "…" }] }.',
  });
}
