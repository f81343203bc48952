import type { ModelPrice, PriceOverride, TokenPrices } from "./model-types.js";

/** What the conditions of a price look at. */
export interface PricedMoment {
  promptTokens: number;
  /** Wall-clock milliseconds. */
  at: number;
}

const NAMES = [
  "promptPerMillion",
  "completionPerMillion",
  "cacheReadPerMillion",
  "cacheWritePerMillion",
  "cacheWrite1hPerMillion",
  "audioPerMillion",
  "audioOutputPerMillion",
  "imageOutputPerMillion",
  "reasoningPerMillion",
] as const satisfies readonly (keyof TokenPrices)[];

/** The prices of tokens that hold for a prompt of this size at this moment. */
export function pricesAt(price: ModelPrice, moment: PricedMoment): TokenPrices {
  const { overrides } = price;
  if (overrides === undefined) return price;
  const held: TokenPrices = { ...price };
  for (const override of overrides) {
    if (override.conditionUnknown || !isBig(override, moment) || !isNow(override, moment)) continue;
    for (const name of NAMES) {
      const other = override[name];
      if (other !== undefined) held[name] = other;
    }
  }
  return held;
}

/** The dearest prices that may hold for a prompt of at most this size, at any time of day. */
export function dearestPrices(price: ModelPrice, promptTokens: number): TokenPrices {
  const held: TokenPrices = { ...price };
  for (const override of price.overrides ?? []) {
    if (!isBig(override, { promptTokens, at: 0 })) continue;
    for (const name of NAMES) {
      const other = override[name];
      if (other !== undefined) held[name] = Math.max(other, held[name] ?? 0);
    }
  }
  return held;
}

function isBig({ minPromptTokens }: PriceOverride, { promptTokens }: PricedMoment): boolean {
  return minPromptTokens === undefined || promptTokens > minPromptTokens;
}

function isNow({ utcStart, utcEnd }: PriceOverride, { at }: PricedMoment): boolean {
  const date = new Date(at);
  const time = date.getUTCHours() * 100 + date.getUTCMinutes();
  const [from, to] = [utcStart ?? 0, utcEnd ?? 2400];
  return from <= to ? time >= from && time < to : time >= from || time < to;
}
