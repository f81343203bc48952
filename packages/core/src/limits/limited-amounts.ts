import { createError } from "../errors/error-classes.js";
import type { LimitEntry, Limits } from "./limit-store.js";

/** What a call may use, or has used; what is not known is not counted. */
export interface Amounts {
  /** Of the prompt and the answer. */
  tokens?: number | undefined;
  usd?: number | undefined;
}

/** Stores count whole numbers: billionths of a dollar, up to nine million dollars. */
const USD_UNITS = 1e9;
const tokensCounter = (subject: string) => `tokens:${subject}`;
const usdCounter = (subject: string) => `usd:${subject}`;

/**
 * What a call takes under the limits on tokens and money.
 *
 * Throws: RateLimitError, not retryable, where it may use more than a whole window holds.
 */
export function amountEntries(limits: Limits, subject: string, atMost: Amounts, windowMs: number): LimitEntry[] {
  const entries: LimitEntry[] = [];
  const { tokensPerMinute = 0, usdPerMinute = 0 } = limits;
  if (tokensPerMinute > 0) {
    const { tokens = 0 } = atMost;
    if (tokens > tokensPerMinute) throw tooMuch(`${tokens} tokens`, "tokensPerMinute", String(tokensPerMinute));
    entries.push({ counter: tokensCounter(subject), limit: tokensPerMinute, windowMs, weight: whole(tokens) });
  }
  if (usdPerMinute > 0) {
    const { usd = 0 } = atMost;
    if (usd > usdPerMinute) throw tooMuch(`${usd} USD`, "usdPerMinute", `${usdPerMinute} USD`);
    const limit = Math.min(Math.floor(usdPerMinute * USD_UNITS), Number.MAX_SAFE_INTEGER);
    const weight = Math.min(whole(usd * USD_UNITS), limit);
    entries.push({ counter: usdCounter(subject), limit, windowMs, weight });
  }
  return entries;
}

/** What was used instead, by counter. */
export function amountWeights(entries: readonly LimitEntry[], { tokens, usd }: Amounts): Record<string, number> {
  const weights: Record<string, number> = {};
  for (const { counter } of entries) {
    if (tokens !== undefined && counter.startsWith("tokens:")) weights[counter] = whole(tokens);
    if (usd !== undefined && counter.startsWith("usd:")) weights[counter] = whole(usd * USD_UNITS);
  }
  return weights;
}

const whole = (amount: number) => Math.min(Math.max(0, Math.ceil(amount)), Number.MAX_SAFE_INTEGER);

const tooMuch = (amount: string, option: string, limit: string) =>
  createError("rate_limit", `this call may use ${amount}, more than \`limits.${option}\` lets pass: ${limit}`, {
    retryable: false,
    hint: `Set a lower \`maxTokens\`, or raise \`limits.${option}\`.`,
  });
