import { AbortedError } from "@signalbox/core";
import { disconnectSignal } from "@signalbox/core/node";
import type { Request, Response } from "express";

/** Aborts when the caller leaves, or has its answer from somebody else, a time-out of the server's for one. */
export function endOfAnswer(req: Request, res: Response): AbortSignal {
  const controller = new AbortController();
  const departure = disconnectSignal(req, res);
  if (departure.aborted) return departure;
  departure.addEventListener("abort", () => controller.abort(departure.reason), { once: true });
  const answered = () => controller.abort(new AbortedError("aborted", "the answer has been given"));
  if (res.writableEnded) answered();
  else res.once("finish", answered);
  return controller.signal;
}
