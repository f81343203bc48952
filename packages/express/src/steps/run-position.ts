import { InvalidRequestError } from "@signalbox/core";
import type { Request } from "express";

/**
 * Behind which event a reader wants to go on: `Last-Event-ID`, which browsers send by themselves, or `?after=`.
 *
 * @throws InvalidRequestError `invalid_request` for anything but a whole number of 0 or more
 */
export function readPosition(req: Request): number {
  const given = req.headers["last-event-id"] ?? req.query.after;
  if (given === undefined || given === "") return 0;
  const position = Number(given);
  if (typeof given === "string" && /^\d+$/.test(given) && Number.isSafeInteger(position)) return position;
  throw new InvalidRequestError("invalid_request", "`Last-Event-ID` or `after` is not the number of an event");
}
