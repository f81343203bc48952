import { createError } from "../errors/error-classes.js";
import { BUNDLED_MODELS } from "../models/bundled-models.js";
import { Catalogue } from "../models/catalogue.js";
import type { ModelInfo, ModelPrice } from "../models/model-types.js";
import { GUIDE_PRICES } from "../models/notation-data.js";
import { notFound, resolveModel } from "../models/resolve-model.js";
import { splitModelId } from "../models/split-model-id.js";
import { toNumber } from "./money.js";
import { priceOfCall, type TokenCounts } from "./price-of-call.js";
import type { Cost } from "./usage.js";
import { amountOf } from "./wire-number.js";

/** Where an estimate finds its price, and for when. */
export interface EstimateOptions {
  /** Default: the bundled snapshot; a client's own is `llm.models`. */
  catalogue?:
    | {
        /** The list price of an id; undefined where it is not known. */
        price(id: string): ModelPrice | undefined;
      }
    | undefined;
  /** When the call is made: some prices depend on the time of day. @default now */
  at?: Date | undefined;
}

/**
 * What a call costs at list price, exact; `source` is "estimate". What `counts` names is in it: caches, thinking,
 * sound, pictures, web searches, requests, with the overrides for large prompts and times of day and the discount of
 * the price. Service tiers, fees of plugins and what a router chooses are not.
 *
 * For an id the price comes from `catalogue` (default: the bundled snapshot), else from the original guide's table,
 * else from the model that is asked in place of a retired one.
 *
 * @throws ModelNotFoundError `model_not_found` where no price is known; `invalid_request` for a count that is no
 *   number of 0 or more
 */
export function estimateCost(
  model: ModelInfo | ModelPrice | string,
  counts: TokenCounts,
  options: EstimateOptions = {},
): Cost {
  for (const name of COUNTS) {
    const count = counts?.[name];
    if ((count !== undefined || NEEDED.has(name)) && amountOf(count) === undefined)
      throw createError("invalid_request", `${name} is ${String(count)}; allowed: a number of 0 or more`);
  }
  const price = typeof model === "string" ? priceOfId(model, options.catalogue) : "id" in model ? model.price : model;
  if (!price) throw notFound(typeof model === "string" ? model : (model as ModelInfo).id, [], "no price is known");
  const usd = toNumber(priceOfCall(price, counts, options.at?.getTime() ?? Date.now()));
  return { usd, isByok: false, totalUsd: usd, source: "estimate" };
}

const NEEDED: ReadonlySet<keyof TokenCounts> = new Set(["promptTokens", "completionTokens"]);
const COUNTS: ReadonlySet<keyof TokenCounts> = new Set([
  "promptTokens",
  "completionTokens",
  "cachedTokens",
  "cacheWriteTokens",
  "cacheWrite1hTokens",
  "audioTokens",
  "reasoningTokens",
  "audioOutputTokens",
  "imageOutputTokens",
  "images",
  "webSearches",
  "requests",
]);

let bundled: Catalogue | undefined;

function priceOfId(
  id: string,
  catalogue: { price(id: string): ModelPrice | undefined } | undefined,
): ModelPrice | undefined {
  bundled ??= new Catalogue(BUNDLED_MODELS);
  const source = catalogue ?? bundled;
  const { base } = splitModelId(id.trim());
  const guide = Object.hasOwn(GUIDE_PRICES, base) ? GUIDE_PRICES[base] : undefined;
  return (
    source.price(id.trim()) ??
    source.price(base) ??
    (guide && { promptPerMillion: guide[0], completionPerMillion: guide[1] }) ??
    source.price(resolveModel(id, { catalogue: bundled }).sent)
  );
}
