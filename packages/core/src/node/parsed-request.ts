import { createError } from "../errors/error-classes.js";

/** What is read of a request that starts or follows a run: all frameworks have these two. */
export interface ParsedRequest {
  /** Their names in lower case, as Node has them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed search part of the address. */
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * The number of the event behind which a reader goes on: `Last-Event-ID`, which browsers send by themselves, else
 * `?after=`; 0 for a reader that has nothing yet.
 *
 * @throws InvalidRequestError `invalid_request` for anything but a whole number of 0 or more
 */
export function readPosition({ headers, query }: ParsedRequest): number {
  // A reader that has heard of no event yet may say so.
  const given = headers["last-event-id"] || (query.after ?? "");
  const position = Number(given);
  if (typeof given === "string" && /^\d*$/.test(given) && Number.isSafeInteger(position)) return position;
  throw createError("invalid_request", "`Last-Event-ID` or `after` is not the number of an event");
}

/**
 * Whether whoever starts a run wants to be told its events. They are the rule; `?follow=0`, and a caller that takes
 * JSON and no events, are for coming back later.
 *
 * @param asked - what the body says of it; the address counts for more
 */
export function wantsToFollow({ headers, query }: ParsedRequest, asked?: boolean): boolean {
  if (query.follow !== undefined) return query.follow !== "0";
  if (asked !== undefined) return asked;
  const accept = String(headers.accept ?? "").toLowerCase();
  return !accept.includes("application/json") || accept.includes("text/event-stream");
}
