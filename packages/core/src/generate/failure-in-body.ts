import type { LLMError } from "../errors/llm-error.js";
import { findErrorInBody } from "../errors/read-error-body.js";
import { readUpstreamError } from "../errors/read-upstream-error.js";

/** What is known about the request that was answered. */
export interface AnsweredRequest {
  model: string | undefined;
  generationId: string | undefined;
  secrets: readonly (string | undefined)[];
  /** Wall-clock milliseconds. */
  now: number;
}

/** The error that a body or a chunk of an answered request holds, read by its own code; undefined where it holds none. */
export function failureInBody(body: unknown, { generationId, ...context }: AnsweredRequest): LLMError | undefined {
  const found = findErrorInBody(body);
  if (found === undefined) return undefined;
  const headers = generationId === undefined ? {} : { "x-generation-id": generationId };
  return readUpstreamError(200, { error: found.error }, headers, { ...context, servedBy: found.provider });
}
