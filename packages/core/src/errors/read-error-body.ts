import { asRecord } from "./as-record.js";

/** An error that stands inside a body or a chunk, in the shape of a body that holds nothing else. */
export interface FoundError {
  /** The error object, or the string in its place. */
  error: unknown;
  /** Where it stood. */
  where: "body" | "choice" | "finish";
  /** The provider that the body names beside it. */
  provider?: string | undefined;
}

/**
 * Looks for an error in a parsed body or chunk, whatever its HTTP status: top-level `error`, then `choices[0].error`,
 * then the finish word `error`, whose message is the native one. Undefined where there is none.
 */
export function findErrorInBody(value: unknown): FoundError | undefined {
  const body = asRecord(value);
  if (body === undefined) return undefined;
  if (isError(body.error)) return found(body.error, "body", body);
  const choices = body.choices;
  const choice = Array.isArray(choices) ? asRecord(choices[0]) : undefined;
  if (choice === undefined) return undefined;
  if (isError(choice.error)) return found(choice.error, "choice", body);
  if (choice.finish_reason !== "error") return undefined;
  const native = choice.native_finish_reason;
  const message = typeof native === "string" && native !== "" ? native : "the provider ended the answer with an error";
  return found({ message }, "finish", body);
}

function isError(error: unknown): boolean {
  return error !== undefined && error !== null && error !== false && error !== "";
}

function found(error: unknown, where: FoundError["where"], { provider }: Record<string, unknown>): FoundError {
  return { error, where, provider: typeof provider === "string" ? provider : undefined };
}
