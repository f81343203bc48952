import { AbortedError, followRun, PermissionError, publicErrorBody, type RunStore } from "@signalbox/core";
import type { Response } from "express";

/** Answers 403: an error handler would take the refusal for upstream's. */
export function forbid(res: Response): void {
  const error = new PermissionError("permission_denied", "this may not be started", { expose: true });
  res.status(error.status).json(publicErrorBody(error));
}

/** Answers a request to stop a run, unless somebody else has meanwhile. */
export function answerStop(res: Response, runId: string, hasEnded: boolean): void {
  if (res.writableEnded) return;
  if (hasEnded) res.status(204).end();
  else res.status(202).json({ runId });
}

/** Why a run ends whose starter has been told something else. */
export function answered(): AbortedError {
  return new AbortedError("aborted", "the answer has been given");
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
