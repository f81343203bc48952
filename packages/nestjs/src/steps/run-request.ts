import { InvalidRequestError } from "@signalbox/core";
import type { RunInputSource } from "@signalbox/core/node";
import type { FrameworkRequest } from "../http-request.js";

/** A request as both platforms have it. */
export interface RunRequest extends FrameworkRequest {
  originalUrl: string;
  query: Record<string, unknown>;
}

/** Makes the input of a run from a body: a Standard Schema (zod, valibot, arktype, …) or a function. */
export type RunInput<Input> = RunInputSource<Input, FrameworkRequest>;

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
