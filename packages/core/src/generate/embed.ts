import { createError } from "../errors/error-classes.js";
import type { Attempt } from "../errors/llm-error.js";
import type { OpenRouterCacheAnswer } from "../messages/router-metadata.js";
import type { ResolvedModel } from "../models/model-types.js";
import { readCost } from "../usage/read-cost.js";
import { readUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { Warning } from "./generate-result.js";
import type { JsonRequest } from "./json-request.js";
import { present } from "./present.js";
import type { OpenRouterCacheOptions } from "./wire-options.js";

/** A part of a multimodal input, in wire shape: `text`, `image_url`, `input_audio`, … */
export type EmbedPart = { type: string; [field: string]: unknown };

/** What to turn into vectors: one text, several, token ids, or multimodal inputs. */
export type EmbedInput =
  | string
  | readonly string[]
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly { content: readonly EmbedPart[] }[];

/** What `embed()` asks for. An unknown key and a value out of its range are refused with `invalid_request`. */
export interface EmbedRequest extends JsonRequest {
  /** Not empty, and no text in it is. */
  input: EmbedInput;
  /** Length of the vectors, 1 or more, where the model can shorten them. */
  dimensions?: number | undefined;
  /** How the vectors travel; the result has numbers either way. @default the model service's */
  encodingFormat?: "float" | "base64" | undefined;
  /** What the vectors are for, in the model's own words (`query`, `document`, …). */
  inputType?: string | undefined;
  /** OpenRouter's store of answers, as for `generate()`. */
  openRouterCache?: boolean | OpenRouterCacheOptions | undefined;
}

/** Vectors, with what they cost. */
export interface EmbedResult {
  /** One vector for each input, in the order of the inputs. */
  embeddings: number[][];
  /** As the answer names it; may lack the vendor. */
  model: string;
  /** The provider that served it, as OpenRouter names it. */
  servedBy?: string | undefined;
  /** Tokens of the inputs; `raw.prompt_tokens_details` has them by kind where inputs are of several. */
  usage?: Usage | undefined;
  cost?: Cost | undefined;
  generationId?: string | undefined;
  /** Whether it came out of OpenRouter's store of answers; told with `openRouterCache`. */
  openRouterCache?: OpenRouterCacheAnswer | undefined;
  /** The answer in wire shape. */
  raw: unknown;
  resolvedModel: ResolvedModel;
  warnings: Warning[];
  attempts: Attempt[];
}

/** What an embeddings answer says of itself. */
export type EmbedAnswer = Pick<
  EmbedResult,
  "embeddings" | "model" | "servedBy" | "usage" | "cost" | "generationId" | "raw"
>;

/** How many vectors an input asks for, as it was sent. */
export function countInputs(input: unknown): number {
  return Array.isArray(input) && typeof input[0] !== "number" ? input.length : 1;
}

/**
 * Reads an embeddings answer; base64 vectors are decoded, rows stand in the order of their `index`.
 *
 * @throws InvalidResponseError `invalid_response` where a vector is missing, doubled, or is no vector
 */
export function readEmbedAnswer(body: unknown, requestedModel: string, inputs?: number): EmbedAnswer {
  const answer = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  if (!Array.isArray(answer.data)) throw createError("invalid_response", "the answer has no list of embeddings");
  const rows = answer.data.map((row: unknown, position) => readRow(row, position));
  if (inputs !== undefined && rows.length !== inputs)
    throw createError("invalid_response", `the answer has ${rows.length} embeddings for ${inputs} inputs`);
  rows.sort((a, b) => a.index - b.index);
  if (rows.some(({ index }, position) => index !== position))
    throw createError("invalid_response", "the answer does not say which embedding is whose");
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return {
    embeddings: rows.map(({ vector }) => vector),
    model: text(answer.model) ?? requestedModel,
    ...present({ servedBy: text(answer.provider) }),
    usage: readUsage(answer.usage),
    cost: readCost(answer.usage),
    generationId: text(answer.id),
    raw: body,
  };
}

function readRow(row: unknown, position: number): { index: number; vector: number[] } {
  const { embedding, index } = (typeof row === "object" && row !== null ? row : {}) as Record<string, unknown>;
  const place = typeof index === "number" && Number.isSafeInteger(index) ? index : position;
  if (typeof embedding === "string") return { index: place, vector: decodeFloats(embedding, position) };
  if (Array.isArray(embedding) && embedding.every((value) => typeof value === "number")) {
    return { index: place, vector: embedding };
  }
  throw createError("invalid_response", `embedding ${position} is no vector`);
}

/** Base64 holds little-endian 32-bit floats, whatever this machine's own order is. */
function decodeFloats(base64: string, position: number): number[] {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length === 0 || bytes.length % 4 !== 0) {
    throw createError("invalid_response", `embedding ${position} is not a whole number of 32-bit floats`);
  }
  return Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readFloatLE(place * 4));
}
