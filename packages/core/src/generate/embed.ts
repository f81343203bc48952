import { createError } from "../errors/error-classes.js";
import type { Attempt } from "../errors/llm-error.js";
import type { ResolvedModel } from "../models/model-types.js";
import type { EmbedBody } from "../provider/llm-provider.js";
import { readCost } from "../usage/read-cost.js";
import { readUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { ProviderRouting, RetryOptions, TimeoutOptions } from "./generate-request.js";
import type { Warning } from "./generate-result.js";

/** A part of a multimodal input, in wire shape: `text`, `image_url`, `input_audio`, … */
export type EmbedPart = { type: string; [field: string]: unknown };

/** What to turn into vectors: one text, several, token ids, or multimodal inputs. */
export type EmbedInput =
  | string
  | readonly string[]
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly { content: readonly EmbedPart[] }[];

export interface EmbedRequest {
  input: EmbedInput;
  /** @default the client's */
  model?: string | undefined;
  /** Length of the vectors, where the model can shorten them. */
  dimensions?: number | undefined;
  /** How the vectors travel; the result has numbers either way. @default the model service's */
  encodingFormat?: "float" | "base64" | undefined;
  /** What the vectors are for, in the model's own words (`query`, `document`, …). */
  inputType?: string | undefined;
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

export interface EmbedResult {
  /** One vector for each input, in the order of the inputs. */
  embeddings: number[][];
  model: string;
  usage?: Usage | undefined;
  cost?: Cost | undefined;
  generationId?: string | undefined;
  /** The answer in wire shape. */
  raw: unknown;
  resolvedModel: ResolvedModel;
  warnings: Warning[];
  attempts: Attempt[];
}

/** What an embeddings answer says of itself. */
export type EmbedAnswer = Pick<EmbedResult, "embeddings" | "model" | "usage" | "cost" | "generationId" | "raw">;

/** The wire body of an embeddings request. `model` is the id that is sent, `provider` the routing in wire names. */
export function buildEmbedBody(
  request: EmbedRequest,
  wire: { model: string; provider?: Record<string, unknown> | undefined },
): EmbedBody {
  const { dimensions, encodingFormat, inputType, user } = request;
  return {
    model: wire.model,
    input: request.input,
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(encodingFormat === undefined ? {} : { encoding_format: encodingFormat }),
    ...(inputType === undefined ? {} : { input_type: inputType }),
    ...(user === undefined ? {} : { user }),
    ...(wire.provider === undefined ? {} : { provider: wire.provider }),
    ...request.extraBody,
  };
}

/**
 * Reads an embeddings answer; base64 vectors are decoded, rows stand in the order of their `index`.
 *
 * @throws InvalidResponseError `invalid_response` where a vector is missing or is no vector
 */
export function readEmbedAnswer(body: unknown, requestedModel: string): EmbedAnswer {
  const answer = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  if (!Array.isArray(answer.data)) throw createError("invalid_response", "the answer has no list of embeddings");
  const rows = answer.data.map((row: unknown, position) => readRow(row, position));
  rows.sort((a, b) => a.index - b.index);
  return {
    embeddings: rows.map(({ vector }) => vector),
    model: typeof answer.model === "string" ? answer.model : requestedModel,
    usage: readUsage(answer.usage),
    cost: readCost(answer.usage),
    generationId: typeof answer.id === "string" && answer.id !== "" ? answer.id : undefined,
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
