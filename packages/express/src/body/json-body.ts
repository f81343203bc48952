import { InvalidRequestError } from "@signalbox/core";
import { json, type Request, type Response } from "express";
import { setupMistake } from "../option-checks.js";
import { isNestedTooDeeply } from "./nesting.js";
import { readParserError } from "./parser-error.js";

export type JsonObject = Record<string, unknown>;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Makes a reader of JSON bodies that parses only where nobody has, so that the socket is read once.
 *
 * Shape: the object that the body holds; `{}` for a request without a body. What it parsed it leaves on `req.body`.
 * Throws: `invalid_request` for another content type, bad JSON, no object, or one nested beyond all use;
 * `payload_too_large` beyond `limit` bytes, where it is the one who parses; ConfigurationError where somebody read the body and kept it.
 */
export function jsonBodyReader(limit: number): (req: Request, res: Response) => Promise<JsonObject> {
  const parse = json({ limit, type: (req) => JSON_TYPE.test(req.headers["content-type"] ?? "") });

  return async (req, res) => {
    const found: unknown = req.body;
    if ((typeof found === "string" || found instanceof Uint8Array) && found.length > 0) return parsed(found);
    if (!hasBody(req)) return isObject(found) ? found : {};
    // Express 4's own parser leaves `{}` behind a body it did not read.
    if (found !== undefined && (!isEmpty(found) || req.readableDidRead)) return requireObject(found);
    if (req.readableDidRead) {
      throw setupMistake(
        "the body was read before the handler and is not on req.body",
        "Mount express.json() above the route, or let the handler read the body itself.",
      );
    }
    if (!JSON_TYPE.test(req.headers["content-type"] ?? "")) {
      throw new InvalidRequestError("invalid_request", "the body is not JSON", {
        hint: "Send it with Content-Type: application/json.",
      });
    }
    await new Promise<void>((resolve, reject) => {
      parse(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(readFailure(error))));
    });
    return requireObject(req.body);
  };
}

function hasBody({ headers }: Request): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function parsed(body: string | Uint8Array): JsonObject {
  try {
    return requireObject(JSON.parse(typeof body === "string" ? body : Buffer.from(body).toString("utf8")));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidRequestError("invalid_request", "the body is not valid JSON");
    throw error;
  }
}

function requireObject(body: unknown): JsonObject {
  if (isObject(body)) {
    if (!isNestedTooDeeply(body)) return body;
    throw new InvalidRequestError("invalid_request", "the body is nested too deeply");
  }
  throw new InvalidRequestError("invalid_request", "the body is not a JSON object");
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** A broken compression has a status but no type. */
function readFailure(error: unknown): unknown {
  const known = readParserError(error);
  if (known !== undefined) return known;
  const { status } = error as { status?: unknown };
  if (status !== 400 && status !== 415) return error;
  return new InvalidRequestError("invalid_request", "the body could not be read");
}
