import { createError } from "../errors/error-classes.js";
import type { Attempt } from "../errors/llm-error.js";
import type { ResolvedModel } from "../models/model-types.js";
import { readCost } from "../usage/read-cost.js";
import { readUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import { countOf, recordOf } from "../usage/wire-number.js";
import type { Warning } from "./generate-result.js";
import type { JsonRequest } from "./json-request.js";
import { present } from "./present.js";

/** Something to rank: a text, or text and image in wire shape. */
export type RerankDocument =
  | string
  | { text?: string | undefined; image?: string | undefined; [field: string]: unknown };

/** What `rerank()` asks for. An unknown key and a value out of its range are refused with `invalid_request`. */
export interface RerankRequest extends JsonRequest {
  /** What the documents are held against. */
  query: string;
  /** At least one. */
  documents: readonly RerankDocument[];
  /** How many of the best to return, 1 or more. @default all */
  topN?: number | undefined;
}

/** One of the documents, with how well it answers the query. */
export interface RankedDocument {
  /** Position in the request's `documents`. */
  index: number;
  /** The model's relevance; higher is better. Comparable within one answer only. */
  score: number;
  /** The document as the answer repeats it, where it does. */
  document?: unknown;
}

/** Documents by relevance, with what it cost. */
export interface RerankResult {
  /** Best first. */
  results: RankedDocument[];
  /** As the answer names it; may lack the vendor. */
  model: string;
  /** The provider that served it, as OpenRouter names it. */
  servedBy?: string | undefined;
  /** Absent where the provider counts searches instead. */
  usage?: Usage | undefined;
  /** What is billed by providers that count searches. */
  searchUnits?: number | undefined;
  cost?: Cost | undefined;
  generationId?: string | undefined;
  /** The answer in wire shape. */
  raw: unknown;
  resolvedModel: ResolvedModel;
  warnings: Warning[];
  attempts: Attempt[];
}

/** What a rerank answer says of itself. */
export type RerankAnswer = Pick<
  RerankResult,
  "results" | "model" | "servedBy" | "usage" | "searchUnits" | "cost" | "generationId" | "raw"
>;

/**
 * Reads a rerank answer.
 *
 * @throws InvalidResponseError `invalid_response` where a row lacks its index or its score, or names a document twice
 * or one that was not given
 */
export function readRerankAnswer(body: unknown, requestedModel: string, documents?: number): RerankAnswer {
  const answer = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  if (!Array.isArray(answer.results)) throw createError("invalid_response", "the answer has no list of results");
  const results = answer.results.map((row: unknown, position) => readRow(row, position));
  if (new Set(results.map(({ index }) => index)).size !== results.length)
    throw createError("invalid_response", "the answer names a document twice");
  const strange = results.find(({ index }) => index < 0 || (documents !== undefined && index >= documents));
  if (strange !== undefined)
    throw createError("invalid_response", `the answer names document ${strange.index}, which was not given`);
  results.sort((a, b) => b.score - a.score);
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return {
    results,
    model: text(answer.model) ?? requestedModel,
    servedBy: text(answer.provider),
    usage: readUsage(answer.usage),
    ...present({ searchUnits: countOf(recordOf(answer.usage)?.search_units) }),
    cost: readCost(answer.usage),
    generationId: text(answer.id),
    raw: body,
  };
}

function readRow(row: unknown, position: number): RankedDocument {
  const { index, relevance_score, document } = (typeof row === "object" && row !== null ? row : {}) as Record<
    string,
    unknown
  >;
  if (typeof index !== "number" || !Number.isSafeInteger(index) || typeof relevance_score !== "number") {
    throw createError("invalid_response", `result ${position} has no index or no score`);
  }
  return { index, score: relevance_score, ...(document === undefined ? {} : { document }) };
}
