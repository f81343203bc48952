import { findErrorInBody, InvalidResponseError, LLMError, publicErrorBody } from "@signalbox/core";
import { readUpstreamError } from "@signalbox/core/node";

/** The body that OpenAI's clients read an error from. */
export interface OpenAIErrorBody {
  error: { message: string; type: string; code: string; param: null };
}

/** What callers may know of a failure, in OpenAI's shape. */
export function openAIErrorBody(error: unknown): OpenAIErrorBody {
  const { code, message } = publicErrorBody(error).error;
  return { error: { message, type: code, code, param: null } };
}

/** Where `llm.fetch` puts the failure that an answer stands for: the client knows which keys to keep out of it. */
const FAILURE = Symbol.for("signalbox.failure");

/** The failure that a whole answer stands for, whatever its status; undefined for a good one. */
export function failureOf(answer: globalThis.Response, text: string): LLMError | undefined {
  const { status, headers } = answer;
  const known = (answer as { [FAILURE]?: unknown })[FAILURE];
  if (LLMError.is(known)) return known;
  const context = { now: Date.now() };
  const record = Object.fromEntries(headers);
  if (status >= 400) return readUpstreamError(status, text, record, context);
  const body = parsed(text);
  if (body === undefined) return new InvalidResponseError("invalid_response", "the answer is not valid JSON");
  const found = findErrorInBody(body);
  return found && readUpstreamError(status, { error: found.error }, record, { ...context, servedBy: found.provider });
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
