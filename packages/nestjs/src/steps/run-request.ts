import { InvalidRequestError, type StandardSchemaV1 } from "@signalbox/core";
import type { FrameworkRequest } from "../http-request.js";

/** A request as both platforms have it. */
export interface RunRequest extends FrameworkRequest {
  originalUrl: string;
  query: Record<string, unknown>;
}

/** Makes the input of a run from a body: a Standard Schema (zod, valibot, arktype, …) or a function. */
export type RunInput<Input> =
  | StandardSchemaV1<unknown, Input>
  | ((body: Record<string, unknown>, request: FrameworkRequest) => Input | Promise<Input>);

/**
 * The input of a new run.
 *
 * Throws: `invalid_request` for a body that is no object or that the schema refuses; what the user's function throws.
 */
export async function readRunInput<Input>(
  input: RunInput<Input> | undefined,
  body: unknown,
  request: FrameworkRequest,
): Promise<Input> {
  const given = objectOf(body);
  if (input === undefined) return given as Input;
  // Schemas first: some are functions as well.
  if ("~standard" in input) return validated(input, given);
  return input(given, request);
}

/** The run that a body wants to go on with; undefined for a new one. */
export function readResumeFrom(body: unknown): string | undefined {
  const { resumeFrom, ...input } = objectOf(body);
  if (resumeFrom === undefined) return undefined;
  if (typeof resumeFrom !== "string" || resumeFrom === "") {
    throw new InvalidRequestError("invalid_request", "`resumeFrom` is not the id of a run");
  }
  if (Object.keys(input).length > 0) {
    throw new InvalidRequestError("invalid_request", "a run goes on with its own input: send `resumeFrom` alone");
  }
  return resumeFrom;
}

/** The event behind which a reader goes on: `Last-Event-ID`, which browsers send by themselves, or `?after=`. */
export function readPosition({ headers, query }: RunRequest): number {
  const given = headers["last-event-id"] ?? query.after ?? "0";
  const position = given === "" ? 0 : Number(given);
  if (typeof given === "string" && /^\d*$/.test(given) && Number.isSafeInteger(position)) return position;
  throw new InvalidRequestError("invalid_request", "`Last-Event-ID` or `after` is not the number of an event");
}

/**
 * Events are the rule; who takes JSON and no events, or says so, comes for them later.
 *
 * @param asked - what the body says of it; the address counts for more
 */
export function wantsToFollow({ headers, query }: RunRequest, asked?: boolean): boolean {
  if (query.follow !== undefined) return query.follow !== "0";
  if (asked !== undefined) return asked;
  const accept = String(headers.accept ?? "").toLowerCase();
  return !accept.includes("application/json") || accept.includes("text/event-stream");
}

/** Where a run is followed, seen from a request that started or resumed it. */
export function locationOf({ originalUrl }: RunRequest, runId: string): string {
  const [path = ""] = originalUrl.split("?");
  const run = `/${encodeURIComponent(runId)}`;
  const base = path.replace(/\/$/, "");
  return base.endsWith(`${run}/resume`) ? base.slice(0, -"/resume".length) : base + run;
}

/** A body, which is a JSON object or nothing. */
export function objectOf(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (typeof body === "object" && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new InvalidRequestError("invalid_request", "the body is not a JSON object");
}

async function validated<Input>(schema: StandardSchemaV1<unknown, Input>, body: unknown): Promise<Input> {
  const result = await schema["~standard"].validate(body);
  if (result.issues === undefined) return result.value;
  const told = result.issues.slice(0, 10).map(({ path, message }) => {
    const place = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
    return place === "" ? message : `${place}: ${message}`;
  });
  throw new InvalidRequestError("invalid_request", `the input is not valid: ${told.join("; ")}`);
}
