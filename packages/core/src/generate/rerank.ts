import { createError } from "../errors/error-classes.js";
import type { Attempt } from "../errors/llm-error.js";
import type { ResolvedModel } from "../models/model-types.js";
import type { RerankBody } from "../provider/llm-provider.js";
import { readCost } from "../usage/read-cost.js";
import { readUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { ProviderRouting, RetryOptions, TimeoutOptions } from "./generate-request.js";
import type { Warning } from "./generate-result.js";

/** Something to rank: a text, or text and image in wire shape. */
export type RerankDocument =
  | string
  | { text?: string | undefined; image?: string | undefined; [field: string]: unknown };

export interface RerankRequest {
  query: string;
  documents: readonly RerankDocument[];
  /** @default the client's */
  model?: string | undefined;
  /** How many of the best to return. @default all */
  topN?: number | undefined;
  user?: string | undefined;
  routing?: ProviderRouting | undefined;
  /** Further wire fields; wins over typed options, never over policy. */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Aborting it closes the connection and rejects with `aborted`. */
  signal?: AbortSignal | undefined;
  timeouts?: TimeoutOptions | undefined;
  retry?: false | RetryOptions | undefined;
}

export interface RankedDocument {
  /** Position in the request's `documents`. */
  index: number;
  /** The model's relevance; higher is better. */
  score: number;
  /** The document as the answer repeats it, where it does. */
  document?: unknown;
}

export interface RerankResult {
  /** Best first. */
  results: RankedDocument[];
  model: string;
  servedBy?: string | undefined;
  usage?: Usage | undefined;
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
  "results" | "model" | "servedBy" | "usage" | "cost" | "generationId" | "raw"
>;

/** The wire body of a rerank request. `model` is the id that is sent, `provider` the routing in wire names. */
export function buildRerankBody(
  request: RerankRequest,
  wire: { model: string; provider?: Record<string, unknown> | undefined },
): RerankBody {
  return {
    model: wire.model,
    query: request.query,
    documents: [...request.documents],
    ...(request.topN === undefined ? {} : { top_n: request.topN }),
    ...(request.user === undefined ? {} : { user: request.user }),
    ...(wire.provider === undefined ? {} : { provider: wire.provider }),
    ...request.extraBody,
  };
}

/**
 * Reads a rerank answer.
 *
 * @throws InvalidResponseError `invalid_response` where a row lacks its index or its score
 */
export function readRerankAnswer(body: unknown, requestedModel: string): RerankAnswer {
  const answer = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  if (!Array.isArray(answer.results)) throw createError("invalid_response", "the answer has no list of results");
  const results = answer.results.map((row: unknown, position) => readRow(row, position));
  results.sort((a, b) => b.score - a.score);
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return {
    results,
    model: text(answer.model) ?? requestedModel,
    servedBy: text(answer.provider),
    usage: readUsage(answer.usage),
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
