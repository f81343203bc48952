import { BUNDLED_MODELS } from "../models/bundled-models.js";
import { Catalogue } from "../models/catalogue.js";
import type { ModelInfo, ModelPrice } from "../models/model-types.js";
import { GUIDE_PRICES } from "../models/notation-data.js";
import { notFound, resolveModel } from "../models/resolve-model.js";
import { splitModelId } from "../models/split-model-id.js";
import { priceOfTokens, toMoney, toNumber } from "./money.js";
import type { Cost } from "./usage.js";

export interface TokenCounts {
  promptTokens: number;
  completionTokens: number;
}

/**
 * What a call costs at list price, exact; `source` is "estimate". Caching, tiers and fees are not in it.
 *
 * For an id the price comes from `catalogue` (default: the bundled snapshot), else from the original guide's table,
 * else from the model that is asked in place of a retired one.
 *
 * @throws ModelNotFoundError `model_not_found` where no price is known
 */
export function estimateCost(
  model: ModelInfo | ModelPrice | string,
  { promptTokens, completionTokens }: TokenCounts,
  options: { catalogue?: { price(id: string): ModelPrice | undefined } | undefined } = {},
): Cost {
  const price = typeof model === "string" ? priceOfId(model, options.catalogue) : "id" in model ? model.price : model;
  if (!price)
    throw notFound(typeof model === "string" ? model : "id" in model ? model.id : "", [], "no price is known");
  const usd = toNumber(
    priceOfTokens(price.promptPerMillion, promptTokens) +
      priceOfTokens(price.completionPerMillion, completionTokens) +
      (toMoney(price.perRequest ?? 0) ?? 0n),
  );
  return { usd, isByok: false, totalUsd: usd, source: "estimate" };
}

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
