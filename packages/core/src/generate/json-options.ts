import type { EmbedRequest } from "./embed.js";
import type { JsonRequest } from "./json-request.js";
import { kept, type OptionTable, sent, untouched } from "./option-table.js";
import { REQUEST_OPTIONS } from "./request-options.js";
import type { RerankRequest } from "./rerank.js";
import { allow, anyText, oneOf, text, whole } from "./value-checks.js";

const AROUND: OptionTable<JsonRequest> = {
  model: REQUEST_OPTIONS.model,
  user: REQUEST_OPTIONS.user,
  sessionId: kept(text(256)),
  trace: REQUEST_OPTIONS.trace,
  routing: REQUEST_OPTIONS.routing,
  extraBody: REQUEST_OPTIONS.extraBody,
  headers: REQUEST_OPTIONS.headers,
  signal: REQUEST_OPTIONS.signal,
  timeouts: REQUEST_OPTIONS.timeouts,
  retry: REQUEST_OPTIONS.retry,
};

/** Every option of a request for vectors, in the order in which bodies are written. */
export const EMBED_OPTIONS: OptionTable<EmbedRequest> = {
  input: untouched("input", allow(isInput, "a text that is not empty, or a list of at least one input")),
  dimensions: sent("dimensions", whole(1)),
  encodingFormat: sent("encoding_format", oneOf("float", "base64")),
  inputType: sent("input_type", text()),
  openRouterCache: REQUEST_OPTIONS.openRouterCache,
  ...AROUND,
};

/** Every option of a request for an order of documents, in the order in which bodies are written. */
export const RERANK_OPTIONS: OptionTable<RerankRequest> = {
  query: sent("query", anyText),
  documents: untouched("documents", allow(areDocuments, "a list of at least one text or { text?, image? }")),
  topN: sent("top_n", whole(1)),
  ...AROUND,
};

function isInput(input: unknown): boolean {
  return typeof input === "string" ? input !== "" : Array.isArray(input) && input.length > 0 && input.every(isOneInput);
}

function isOneInput(input: unknown): boolean {
  return typeof input === "object"
    ? input !== null
    : typeof input === "number" || (typeof input === "string" && input !== "");
}

function areDocuments(documents: unknown): boolean {
  return Array.isArray(documents) && documents.length > 0 && documents.every(isDocument);
}

function isDocument(document: unknown): boolean {
  return typeof document === "string" || (typeof document === "object" && document !== null);
}
