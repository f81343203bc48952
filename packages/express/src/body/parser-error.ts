import { AbortedError, InvalidRequestError, LLMError } from "@signalbox/core";

interface ParserError {
  type?: unknown;
  limit?: unknown;
  status?: unknown;
}

// Own sentences throughout: a parser's message quotes the body.
const READINGS = new Map<unknown, (error: ParserError) => LLMError>([
  ["entity.parse.failed", () => new InvalidRequestError("invalid_request", "the body is not valid JSON")],
  ["entity.too.large", ({ limit }) => tooLarge(limit)],
  ["encoding.unsupported", () => new InvalidRequestError("invalid_request", "the content encoding is not supported")],
  ["charset.unsupported", () => new InvalidRequestError("invalid_request", "the charset is not supported; send UTF-8")],
  [
    "request.size.invalid",
    () => new InvalidRequestError("invalid_request", "the body is not as long as its Content-Length says"),
  ],
  ["request.aborted", () => new AbortedError("aborted", "the client has left")],
]);

/** A body parser's complaint about what the caller sent, as an error of ours; undefined for any other error. */
export function readParserError(error: unknown): LLMError | undefined {
  if (typeof error !== "object" || error === null || LLMError.is(error)) return undefined;
  const parserError: ParserError = error;
  return READINGS.get(parserError.type)?.(parserError);
}

function tooLarge(limit: unknown): LLMError {
  const told = typeof limit === "number" ? `; at most ${limit} bytes are read` : "";
  return new InvalidRequestError("payload_too_large", `the body is too large${told}`);
}
