import { InvalidRequestError } from "@signalbox/core";
import type { JsonObject } from "../body/json-body.js";

/**
 * The run that a body wants to go on with; undefined for a new one.
 *
 * @throws InvalidRequestError `invalid_request` for no id, or an input beside it: a run keeps the one it began with
 */
export function readResumeFrom(body: JsonObject): string | undefined {
  if (!Object.hasOwn(body, "resumeFrom")) return undefined;
  const { resumeFrom, ...input } = body;
  if (typeof resumeFrom !== "string" || resumeFrom === "") {
    throw new InvalidRequestError("invalid_request", "`resumeFrom` is not the id of a run");
  }
  if (Object.keys(input).length > 0) {
    throw new InvalidRequestError("invalid_request", "a run goes on with its own input: send `resumeFrom` alone");
  }
  return resumeFrom;
}
