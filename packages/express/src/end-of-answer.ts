import { disconnectSignal } from "@signalbox/core/node";
import type { Request, Response } from "express";
import { answered } from "./steps/run-answers.js";

/** Aborts when the caller leaves, or has its answer from somebody else, a time-out of the server's for one. */
export function endOfAnswer(req: Request, res: Response): AbortSignal {
  const controller = new AbortController();
  const departure = disconnectSignal(req, res);
  if (departure.aborted) return departure;
  departure.addEventListener("abort", () => controller.abort(departure.reason), { once: true });
  const end = () => controller.abort(answered());
  if (res.writableEnded) end();
  else res.once("finish", end);
  return controller.signal;
}
