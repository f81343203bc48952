import type { ModelPrice, TokenPrices } from "../models/model-types.js";
import { dearestPrices } from "../models/price-conditions.js";
import { type Money, priceOfBoth, type Rate, rateOf, toMoney } from "../usage/money.js";

const MILLION = 1_000_000n;
const TOKENS_PER_MESSAGE = 8;
const DEFAULT_ANSWER_TOKENS = 4_096;
const DEEPEST = 64;
/** What else a model reads, of chat and of the other endpoints. */
const OTHER_INPUTS = ["tools", "response_format", "prompt", "instructions", "system", "query", "documents"] as const;
const MOST_TOKENS = ["max_tokens", "max_completion_tokens", "max_output_tokens"] as const;

/** Upper bounds in tokens for parts whose size is not in their text. */
const IMAGE_TOKENS = 4_000;
const AUDIO_TOKENS = 5_000;
const VIDEO_TOKENS = 60_000;
const FILE_TOKENS = 20_000;
/** Four characters of base64 are three bytes, about a token of text. */
const BASE64_CHARACTERS_PER_TOKEN = 4;
const PART_TOKENS: ReadonlyMap<unknown, number> = new Map([
  ["image_url", IMAGE_TOKENS],
  ["input_image", IMAGE_TOKENS],
  ["image", IMAGE_TOKENS],
  ["input_audio", AUDIO_TOKENS],
  ["video_url", VIDEO_TOKENS],
  ["input_video", VIDEO_TOKENS],
  ["file", FILE_TOKENS],
  ["input_file", FILE_TOKENS],
  ["document", FILE_TOKENS],
]);

/**
 * The most that a call can cost at list price, in USD: an upper estimate of the prompt's tokens, and `max_tokens`
 * (else the model's own maximum, else 4,096) for each answer, each token at the dearest price that its size, the time
 * of day, caching or thinking may bring, no discount taken off. Undefined without a price. Of fees, those per request,
 * per picture and of one web search are in it; those of plugins and server tools are not, nor is what a
 * service tier adds.
 */
export function worstCaseUsd(
  body: Readonly<Record<string, unknown>>,
  price: ModelPrice | undefined,
  maxCompletionTokens?: number | undefined,
): number | undefined {
  if (!price) return undefined;
  const completion = answerTokensAtMost(body, maxCompletionTokens);
  const prompt = promptTokensAtMost(body);
  const { ofPrompt, ofHourPrompt, ofAnswer } =
    price.overrides === undefined ? ratesOf(price) : readRates(price, prompt);
  const ofToken = asksHourCache(body) ? ofHourPrompt : ofPrompt;
  return priceOfBoth(ofToken, prompt, ofAnswer, completion, feesOf(body, price));
}

/** The dearest prices of a token. */
interface Rates {
  ofPrompt: Rate;
  ofHourPrompt: Rate;
  ofAnswer: Rate;
}

/** Rates of the rows whose price is the same for every prompt: reading them costs more than multiplying. */
const RATES = new WeakMap<ModelPrice, Rates>();

function ratesOf(price: ModelPrice): Rates {
  const known = RATES.get(price);
  if (known !== undefined) return known;
  const rates = readRates(price, 0);
  // A price that somebody may still change is read anew each time.
  if (Object.isFrozen(price)) RATES.set(price, rates);
  return rates;
}

function readRates(price: ModelPrice, promptTokens: number): Rates {
  const usd = dearestPrices(price, promptTokens);
  return {
    ofPrompt: dearest(usd, PROMPT_KINDS),
    ofHourPrompt: dearest(usd, HOUR_KINDS),
    ofAnswer: dearest(usd, ANSWER_KINDS),
  };
}

/** The most tokens of all answers together: `max_tokens`, else the model's own maximum, else 4,096 for each. */
export function answerTokensAtMost(
  body: Readonly<Record<string, unknown>>,
  maxCompletionTokens?: number | undefined,
): number {
  let asked: number | undefined;
  for (const field of MOST_TOKENS) {
    const limit = tokenLimit(body[field]);
    if (limit !== undefined) asked = Math.max(asked ?? 0, limit);
  }
  const answers = tokenLimit(body.n) ?? 1;
  // A request may name any number; what cannot be counted must not count as nothing.
  return Math.min(Math.ceil(asked ?? maxCompletionTokens ?? DEFAULT_ANSWER_TOKENS) * answers, Number.MAX_SAFE_INTEGER);
}

/** Any prompt token may be written to a cache, and any answer token may be thought instead of said. */
const PROMPT_KINDS = ["promptPerMillion", "cacheWritePerMillion", "audioPerMillion"] as const;
const HOUR_KINDS = [...PROMPT_KINDS, "cacheWrite1hPerMillion"] as const;
const ANSWER_KINDS = [
  "completionPerMillion",
  "reasoningPerMillion",
  "imageOutputPerMillion",
  "audioOutputPerMillion",
] as const;

/** Of a token: rounded up, if it has to be. */
function dearest(usd: TokenPrices, kinds: readonly (keyof TokenPrices)[]): Rate {
  const perMillion = toMoney(Math.max(...kinds.map((kind) => usd[kind] ?? 0))) ?? 0n;
  return rateOf((perMillion + MILLION - 1n) / MILLION);
}

function feesOf(body: Readonly<Record<string, unknown>>, price: ModelPrice): Money {
  if (!price.perRequest && !price.perImage && !price.perWebSearch) return 0n;
  return (
    feeOf(price.perRequest, 1) +
    feeOf(price.perImage, countImages(body.messages) + countImages(body.input)) +
    feeOf(price.perWebSearch, searches(body) ? 1 : 0)
  );
}

const feeOf = (usd: number | undefined, times: number): Money => (toMoney(usd ?? 0) ?? 0n) * BigInt(times);

/** Nothing is kept for an hour unless a mark says so: on the request, a part of a message, or a tool. */
function asksHourCache(body: Readonly<Record<string, unknown>>): boolean {
  return isForAnHour(body) || listOf(body.tools).some(isForAnHour) || listOf(body.messages).some(hasPartForAnHour);
}

const isForAnHour = (holder: unknown) =>
  (holder as { cache_control?: { ttl?: unknown } } | null)?.cache_control?.ttl === "1h";

const hasPartForAnHour = (message: unknown) => isForAnHour(message) || listOf(contentOf(message)).some(isForAnHour);

function countImages(messages: unknown): number {
  let images = 0;
  for (const message of listOf(messages)) {
    for (const part of listOf(contentOf(message)))
      if (PART_TOKENS.get((part as { type?: unknown } | null)?.type) === IMAGE_TOKENS) images += 1;
  }
  return images;
}

const NONE: readonly unknown[] = [];
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : NONE);
const contentOf = (message: unknown) => (message as { content?: unknown } | null)?.content;

/** The search is asked for by variant, plugin or option; server tools search as often as the model likes. */
function searches({ model, plugins, web_search_options }: Readonly<Record<string, unknown>>): boolean {
  const byPlugin = Array.isArray(plugins) && plugins.some((plugin: { id?: unknown } | null) => plugin?.id === "web");
  return byPlugin || web_search_options !== undefined || /:online(?=[:@]|$)/.test(String(model));
}

/** An upper estimate of the tokens of a request's messages, tools and schema. */
export function promptTokensAtMost(body: Readonly<Record<string, unknown>>): number {
  let tokens = Array.isArray(body.input) ? 0 : tokensIn(body.input, 0);
  for (const list of [body.messages, body.input]) {
    for (const message of listOf(list)) tokens += TOKENS_PER_MESSAGE + tokensOfMessage(message);
  }
  for (const field of OTHER_INPUTS) tokens += tokensIn(body[field], 0);
  return Math.ceil(tokens);
}

function tokensOfMessage(message: unknown): number {
  if (typeof message !== "object" || message === null) return tokensIn(message, 0);
  let tokens = 0;
  for (const name of Object.keys(message)) {
    const value = (message as Record<string, unknown>)[name];
    if (name !== "content") tokens += tokensOfText(name) + tokensIn(value, 1);
    else if (Array.isArray(value)) for (const part of value) tokens += tokensOfPart(part);
    else tokens += tokensOfPart(value);
  }
  return tokens;
}

/** Where a document stands in a part of chat, of `/responses` and of `/messages`. */
interface Documented {
  type?: unknown;
  file?: { file_data?: unknown };
  file_data?: unknown;
  source?: { data?: unknown };
}

/** A picture, a sound or a document counts by its kind, and a document at least by its size. */
function tokensOfPart(part: unknown): number {
  const { type, file, file_data, source } = (part ?? {}) as Documented;
  const bound = PART_TOKENS.get(type);
  if (bound === undefined) return tokensIn(part, 0);
  const data = type === "document" ? source?.data : (file?.file_data ?? file_data);
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
    tokens += code >= 0x800 ? 1.5 : isWordOrSpace(code) ? 1 / 3 : 1;
  }
  return tokens;
}

function isWordOrSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

const tokenLimit = (value: unknown) =>
  typeof value === "number" && value > 0 && value < Number.POSITIVE_INFINITY ? Math.ceil(value) : undefined;
