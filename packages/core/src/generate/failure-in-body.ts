import { findErrorInBody } from "../errors/read-error-body.js";
import { upstreamErrors } from "../errors/upstream-errors.js";
import type { ChatChunk } from "../messages/chat-body.js";

/** What is known about the request that was answered. */
export interface AnsweredRequest {
  model: string | undefined;
  generationId: string | undefined;
  secrets: readonly (string | undefined)[];
  /** Wall-clock milliseconds. */
  now: number;
  longestWaitMs: number | undefined;
}

/** A failure that an answer holds. It is thrown as it was found; whoever has time asks it what it says. */
export class FailureInBody {
  /** The error for it, read by its own code; what kept it from being read, where something did. */
  readonly explain: () => Promise<unknown>;

  constructor(explain: () => Promise<unknown>) {
    this.explain = explain;
  }
}

/** The failure that a body or a chunk of an answered request holds; undefined where it holds none. */
export function failureInBody(body: unknown, { generationId, ...context }: AnsweredRequest): FailureInBody | undefined {
  const found = findErrorInBody(body);
  if (found === undefined) return undefined;
  const headers = generationId === undefined ? {} : { "x-generation-id": generationId };
  return new FailureInBody(async () => {
    try {
      const { readUpstreamError } = await upstreamErrors();
      return readUpstreamError(200, { error: found.error }, headers, { ...context, servedBy: found.provider });
    } catch (error) {
      return error;
    }
  });
}

/** The cheap look that nearly every chunk passes. */
export function mayFail(chunk: ChatChunk): boolean {
  if (chunk.error !== undefined && chunk.error !== null) return true;
  const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  return (
    choice !== undefined &&
    choice !== null &&
    (choice.finish_reason === "error" || (choice.error !== undefined && choice.error !== null))
  );
}
