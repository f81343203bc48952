import type { Response } from "express";

/** Tells a caller when to come again: whole seconds, rounded up, so that nobody comes too early. */
export function setRetryAfter(res: Response, retryAfterMs: number | undefined): void {
  if (retryAfterMs !== undefined) res.setHeader("Retry-After", String(Math.ceil(retryAfterMs / 1000)));
}
