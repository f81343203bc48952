import { perMillion } from "../usage/money.js";
import { amountOf, countOf, recordOf } from "../usage/wire-number.js";
import type { ModelPrice, PriceOverride, TokenPrices } from "./model-types.js";

type Extra = Exclude<keyof TokenPrices, "promptPerMillion" | "completionPerMillion">;

/** Wire names of what may have a price of its own, beside `prompt` and `completion`. */
const EXTRAS: Readonly<Record<Extra, string>> = {
  cacheReadPerMillion: "input_cache_read",
  cacheWritePerMillion: "input_cache_write",
  cacheWrite1hPerMillion: "input_cache_write_1h",
  audioPerMillion: "audio",
  audioOutputPerMillion: "audio_output",
  imageOutputPerMillion: "image_output",
  reasoningPerMillion: "internal_reasoning",
};
const FEES = { perRequest: "request", perImage: "image", perWebSearch: "web_search" } as const;

const CONDITIONS = new Set(["min_prompt_tokens", "utc_start", "utc_end"]);
const PRICES = new Set([
  ...["prompt", "completion", "input_audio_cache", "image_token"],
  ...Object.values(EXTRAS),
  ...Object.values(FEES),
]);

/**
 * Reads wire `pricing`: decimal strings in USD per token or per piece. A negative price means that it depends on a
 * router's choice: there is none then. A 0 beside a model that is not free means "no price of its own".
 *
 * Pictures that a model makes are billed by the token, whatever the field's description says.
 */
export function readPrice(pricing: unknown): ModelPrice | undefined {
  const wire = recordOf(pricing);
  const promptPerMillion = millionOf(wire?.prompt);
  const completionPerMillion = millionOf(wire?.completion);
  if (!wire || promptPerMillion === undefined || completionPerMillion === undefined) return undefined;
  const price: ModelPrice = { promptPerMillion, completionPerMillion };
  for (const [name, field] of Object.entries(EXTRAS)) {
    const usd = millionOf(wire[field]);
    if (usd) price[name as Extra] = usd;
  }
  for (const [name, field] of Object.entries(FEES)) {
    const usd = amountOf(Number(wire[field] ?? 0));
    if (usd) price[name as keyof typeof FEES] = usd;
  }
  const discount = amountOf(wire.discount);
  if (discount && discount <= 1) price.discount = discount;
  const overrides = Array.isArray(wire.overrides) ? wire.overrides.flatMap(readOverride) : [];
  if (overrides.length > 0) price.overrides = overrides;
  return price;
}

function readOverride(raw: unknown): PriceOverride[] {
  const wire = recordOf(raw);
  if (!wire) return [];
  const override: PriceOverride = {};
  const take = (name: keyof TokenPrices, value: unknown) => {
    const usd = millionOf(value);
    if (usd !== undefined) override[name] = usd;
  };
  take("promptPerMillion", wire.prompt);
  take("completionPerMillion", wire.completion);
  for (const [name, field] of Object.entries(EXTRAS)) take(name as Extra, wire[field]);
  if (Object.keys(override).length === 0) return [];
  const minPromptTokens = amountOf(wire.min_prompt_tokens);
  const utcStart = clockOf(wire.utc_start);
  const utcEnd = clockOf(wire.utc_end);
  if (minPromptTokens !== undefined) override.minPromptTokens = minPromptTokens;
  if (utcStart !== undefined) override.utcStart = utcStart;
  if (utcEnd !== undefined) override.utcEnd = utcEnd;
  const unread = (field: string, value: unknown) => wire[field] !== undefined && value === undefined;
  const isOdd =
    Object.keys(wire).some((field) => !CONDITIONS.has(field) && !PRICES.has(field)) ||
    unread("min_prompt_tokens", minPromptTokens) ||
    unread("utc_start", utcStart) ||
    unread("utc_end", utcEnd);
  if (isOdd) override.conditionUnknown = true;
  return [override];
}

const millionOf = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? perMillion(value) : undefined;

/** A time of day as HHMM; 2400 is its end. */
function clockOf(value: unknown): number | undefined {
  const time = countOf(value) ?? Number.NaN;
  return time <= 2400 && time % 100 < 60 ? time : undefined;
}
