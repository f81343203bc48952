import type { ModelPrice } from "../models/model-types.js";
import { priceOfTokens, toMoney, toNumber } from "../usage/money.js";

const TOKENS_PER_MESSAGE = 8;
const DEFAULT_ANSWER_TOKENS = 4_096;
const DEEPEST = 64;
/** What else a model reads, of chat and of the other endpoints. */
const OTHER_INPUTS = ["tools", "response_format", "prompt", "input", "instructions", "query", "documents"] as const;

/** Upper bounds in tokens for parts whose size is not in their text. */
const IMAGE_TOKENS = 4_000;
const AUDIO_TOKENS = 5_000;
const VIDEO_TOKENS = 60_000;
const FILE_TOKENS = 20_000;
/** Four characters of base64 are three bytes, about a token of text. */
const BASE64_CHARACTERS_PER_TOKEN = 4;
const PART_TOKENS: Readonly<Record<string, number>> = {
  image_url: IMAGE_TOKENS,
  input_audio: AUDIO_TOKENS,
  video_url: VIDEO_TOKENS,
  input_video: VIDEO_TOKENS,
  file: FILE_TOKENS,
};

/**
 * The most that a call can cost at list price, in USD: an upper estimate of the prompt's tokens, and `max_tokens`
 * (else the model's own maximum, else 4,096) for each answer. Undefined without a price. Fees of plugins and
 * server tools are not in it.
 */
export function worstCaseUsd(
  body: Readonly<Record<string, unknown>>,
  price: ModelPrice | undefined,
  maxCompletionTokens?: number | undefined,
): number | undefined {
  if (!price) return undefined;
  const limits = [tokenLimit(body.max_tokens), tokenLimit(body.max_completion_tokens)].filter(
    (limit) => limit !== undefined,
  );
  const asked = limits.length > 0 ? Math.max(...limits) : undefined;
  const answers = tokenLimit(body.n) ?? 1;
  const completion = (asked ?? maxCompletionTokens ?? DEFAULT_ANSWER_TOKENS) * answers;
  // Writing a cache costs more than plain input, where anything may be cached.
  const promptPrice = Math.max(price.promptPerMillion, price.cacheWritePerMillion ?? 0);
  return toNumber(
    priceOfTokens(promptPrice, promptTokensAtMost(body)) +
      priceOfTokens(price.completionPerMillion, completion) +
      (toMoney(price.perRequest ?? 0) ?? 0n),
  );
}

/** An upper estimate of the tokens of a request's messages, tools and schema. */
export function promptTokensAtMost(body: Readonly<Record<string, unknown>>): number {
  let tokens = 0;
  for (const message of Array.isArray(body.messages) ? body.messages : [])
    tokens += TOKENS_PER_MESSAGE + tokensOfMessage(message);
  for (const field of OTHER_INPUTS) tokens += tokensIn(body[field], 0);
  return Math.ceil(tokens);
}

function tokensOfMessage(message: unknown): number {
  const { content, ...rest } = (message ?? {}) as { content?: unknown };
  const parts = Array.isArray(content) ? content : [content];
  return tokensIn(rest, 0) + parts.reduce((sum: number, part) => sum + tokensOfPart(part), 0);
}

/** A picture, a sound or a document counts by its kind, and a document at least by its size. */
function tokensOfPart(part: unknown): number {
  const { type, file } = (part ?? {}) as { type?: unknown; file?: { file_data?: unknown } };
  const bound = typeof type === "string" ? PART_TOKENS[type] : undefined;
  if (bound === undefined) return tokensIn(part, 0);
  const data = file?.file_data;
  return typeof data === "string" ? Math.max(bound, data.length / BASE64_CHARACTERS_PER_TOKEN) : bound;
}

function tokensIn(value: unknown, depth: number): number {
  if (typeof value === "string") return tokensOfText(value);
  if (typeof value === "number" || typeof value === "boolean") return 2;
  if (typeof value !== "object" || value === null || depth > DEEPEST) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + tokensIn(item, depth + 1), 0);
  let tokens = 0;
  for (const [name, item] of Object.entries(value)) tokens += tokensOfText(name) + tokensIn(item, depth + 1);
  return tokens;
}

/**
 * Tokenizers need about 4 characters of English words a token, a token for nearly every sign, and up to two tokens a
 * character of other scripts.
 */
function tokensOfText(text: string): number {
  let tokens = 0;
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position);
    tokens += code >= 0x800 ? 1.5 : code >= 0x80 || !isWordOrSpace(code) ? 1 : 1 / 3;
  }
  return tokens;
}

function isWordOrSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

const tokenLimit = (value: unknown) =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.ceil(value) : undefined;
