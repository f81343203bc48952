import type { ModelPrice } from "../models/model-types.js";
import { pricesAt } from "../models/price-conditions.js";
import { type Money, priceOfTokens, shareOf, toMoney } from "./money.js";
import type { Usage } from "./usage.js";
import { countOf, recordOf } from "./wire-number.js";

/** What a price multiplies. The details are parts of `promptTokens` and `completionTokens`, not added to them. */
export interface TokenCounts {
  promptTokens: number;
  completionTokens: number;
  /** Of the prompt: read from a cache. */
  cachedTokens?: number | undefined;
  /** Of the prompt: written to a cache. */
  cacheWriteTokens?: number | undefined;
  /** Of `cacheWriteTokens`: written for an hour. */
  cacheWrite1hTokens?: number | undefined;
  /** Of the prompt: sound. */
  audioTokens?: number | undefined;
  /** Of the answer: thinking. */
  reasoningTokens?: number | undefined;
  /** Of the answer: sound. */
  audioOutputTokens?: number | undefined;
  /** Of the answer: pictures. */
  imageOutputTokens?: number | undefined;
  /** Pictures in the prompt. */
  images?: number | undefined;
  webSearches?: number | undefined;
  /** @default 1 */
  requests?: number | undefined;
}

/** The counts of a usage object with the details that only its wire form has. */
export function countsOf(usage: Usage): TokenCounts {
  const raw = recordOf(usage.raw);
  const prompt = recordOf(raw?.prompt_tokens_details);
  const completion = recordOf(raw?.completion_tokens_details);
  return {
    promptTokens: usage.promptTokens,
    completionTokens: usage.completionTokens,
    cachedTokens: usage.cachedTokens,
    cacheWriteTokens: usage.cacheWriteTokens,
    audioTokens: countOf(prompt?.audio_tokens),
    reasoningTokens: usage.reasoningTokens,
    audioOutputTokens: countOf(completion?.audio_tokens),
    imageOutputTokens: countOf(completion?.image_tokens),
    webSearches: countOf(recordOf(raw?.server_tool_use_details)?.web_search_requests),
  };
}

/** What a call costs at list price at a moment (wall-clock milliseconds), its discount taken off. */
export function priceOfCall(price: ModelPrice, counts: TokenCounts, at: number): Money {
  const { promptTokens, completionTokens, requests = 1, images = 0, webSearches = 0 } = counts;
  const usd = pricesAt(price, { promptTokens, at });
  const part = (tokens: number | undefined, whole: number) => Math.min(tokens ?? 0, whole);

  const read = part(counts.cachedTokens, promptTokens);
  const written = part(counts.cacheWriteTokens, promptTokens);
  const hourly = part(counts.cacheWrite1hTokens, written);
  const heard = part(counts.audioTokens, promptTokens);
  // Some providers bill the same tokens as written and as read: what is neither is then what the larger leaves.
  const cached = read + written > promptTokens ? Math.max(read, written) : read + written;
  const plain = Math.max(0, promptTokens - cached - heard);

  const thought = part(counts.reasoningTokens, completionTokens);
  const drawn = part(counts.imageOutputTokens, completionTokens);
  const spoken = part(counts.audioOutputTokens, completionTokens);
  const text = Math.max(0, completionTokens - thought - drawn - spoken);

  const writePrice = usd.cacheWritePerMillion ?? usd.promptPerMillion;
  const total =
    priceOfTokens(usd.promptPerMillion, plain) +
    priceOfTokens(usd.cacheReadPerMillion ?? usd.promptPerMillion, read) +
    priceOfTokens(writePrice, written - hourly) +
    priceOfTokens(usd.cacheWrite1hPerMillion ?? writePrice, hourly) +
    priceOfTokens(usd.audioPerMillion ?? usd.promptPerMillion, heard) +
    priceOfTokens(usd.completionPerMillion, text) +
    priceOfTokens(usd.reasoningPerMillion ?? usd.completionPerMillion, thought) +
    priceOfTokens(usd.imageOutputPerMillion ?? usd.completionPerMillion, drawn) +
    priceOfTokens(usd.audioOutputPerMillion ?? usd.completionPerMillion, spoken) +
    fee(price.perRequest, requests) +
    fee(price.perImage, images) +
    fee(price.perWebSearch, webSearches);
  return total - shareOf(total, price.discount ?? 0);
}

const fee = (usd: number | undefined, times: number): Money =>
  (toMoney(usd ?? 0) ?? 0n) * BigInt(Math.max(0, Math.ceil(times)));
