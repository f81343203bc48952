import {
  AbortedError,
  followRun,
  ModelNotFoundError,
  PermissionError,
  publicErrorBody,
  type RunStore,
} from "@signalbox/core";
import type { Request, Response } from "express";

/**
 * Whether whoever starts a run wants to be told its events. They are the rule; a caller that takes JSON and no events,
 * or says so, wants to come for them later.
 *
 * @param asked - what else the request says of it; the address counts for more
 */
export function wantsToFollow(req: Request, asked?: unknown): boolean {
  if (req.query.follow !== undefined) return req.query.follow !== "0";
  if (typeof asked === "boolean") return asked;
  const accept = req.headers.accept?.toLowerCase() ?? "";
  return !accept.includes("application/json") || accept.includes("text/event-stream");
}

/** Answers 403: an error handler would take the refusal for upstream's. */
export function forbid(res: Response): void {
  const error = new PermissionError("permission_denied", "this may not be started", { expose: true });
  res.status(error.status).json(publicErrorBody(error));
}

/** A run that does not exist, or is not this caller's: nobody learns which. */
export function runNotFound(runId: string): ModelNotFoundError {
  return new ModelNotFoundError("not_found", `run not found: ${runId.slice(0, 200)}`);
}

/** @throws LLMError `not_found` where following the run would */
export async function checkRun(store: RunStore, runId: string, pipeline: string): Promise<void> {
  try {
    // Whoever has left already is told whether there is such a run, and nothing of it.
    await followRun(store, runId, 0, { pipeline, signal: AbortSignal.abort() }).next();
  } catch (error) {
    if (!AbortedError.is(error)) throw error;
  }
}
