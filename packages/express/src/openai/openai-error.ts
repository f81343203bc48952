import { findErrorInBody, InvalidResponseError, type LLMError, publicErrorBody } from "@signalbox/core";
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

/** Codes of what the client itself refuses before anything is sent. */
const REFUSALS: readonly unknown[] = ["rate_limit", "budget_exceeded", "invalid_request", "model_not_found"];

/** True for a body that the client made: it is OpenAI-shaped already and names one of our codes twice. */
export function isRefusal(body: unknown): boolean {
  const { type, code } = ((body as { error?: object } | null)?.error ?? {}) as { type?: unknown; code?: unknown };
  return type === code && REFUSALS.includes(code);
}

/** The failure that a whole answer stands for, whatever its status; undefined for a good one. */
export function failureOf(status: number, headers: Headers, text: string): LLMError | undefined {
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
