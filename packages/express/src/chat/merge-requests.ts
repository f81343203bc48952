import { type GenerateRequest, InvalidRequestError } from "@signalbox/core";

/**
 * The request that is sent: the server's part wins over the body's, and either part's signal ends it.
 *
 * @throws InvalidRequestError `invalid_request` where neither part says what is asked
 */
export function mergeRequests(
  asked: Partial<GenerateRequest>,
  server: Partial<GenerateRequest> | undefined,
  departure: AbortSignal,
): GenerateRequest {
  const own = Object.fromEntries(
    Object.entries(server ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<GenerateRequest>;
  const { prompt, messages, ...fields } = asked;
  const question = own.prompt === undefined && own.messages === undefined ? { prompt, messages } : {};
  const signal = own.signal ? AbortSignal.any([own.signal, departure]) : departure;
  const merged = { ...fields, ...question, ...own, signal };
  if (merged.prompt !== undefined || merged.messages !== undefined) return merged;
  throw new InvalidRequestError("invalid_request", "neither `prompt` nor `messages` was given", {
    hint: 'Send { "prompt": "…" } or { "messages": [{ "role": "user", "content": "…" }] }.',
  });
}
