import { routeRequest } from "../catalogue/route-request.js";
import type { Exchange } from "../delivery/exchange.js";
import type { Delivery } from "../delivery/step.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { createRandom } from "../random/random.js";
import type { Simulation } from "../simulation.js";
import { salientWords } from "../text/salient-words.js";
import { countTokens } from "../text/tokens.js";
import { ApiError } from "../wire/api-error.js";
import { money, usd } from "../wire/exact-money.js";
import { beGenerated } from "../wire/generation-id.js";
import { jsonDelivery } from "../wire/json-delivery.js";
import { costOf } from "../wire/usage.js";

/** POST /rerank: documents in order of how many of the query's words they hold. */
export function rerank(simulation: Simulation, exchange: Exchange): Delivery {
  const { entry } = exchange;
  const { query, documents, top_n: topN } = entry.json;
  if (typeof query !== "string" || query === "") throw new ApiError(400, "query: Invalid input: expected string");
  if (!Array.isArray(documents) || documents.length === 0)
    throw new ApiError(400, "documents: Invalid input: expected array with at least one document");
  simulation.account.countRequest(entry.model ?? "");
  const { model, endpoint } = routeRequest(entry.json, "rerank", simulation.catalogue, simulation.notation, () => {});

  const texts = documents.map(documentText);
  const results = texts
    .map((text, index) => ({ index, relevance_score: relevance(query, text, simulation.seed), document: { text } }))
    .toSorted((left, right) => right.relevance_score - left.relevance_score || left.index - right.index)
    .slice(0, typeof topN === "number" ? topN : undefined);
  const { id } = beGenerated("gen-rerank", entry.json, simulation);
  const prompt = texts.reduce((sum, text) => sum + countTokens(text) + countTokens(query), 0);
  const cost =
    model.searchUnitPrice === undefined
      ? costOf({ prompt, completion: 0, reasoning: 0 }, endpoint.pricing).total
      : money(model.searchUnitPrice);
  const usage: JsonObject =
    model.searchUnitPrice === undefined
      ? { total_tokens: prompt, cost: usd(cost) }
      : { cost: usd(cost), search_units: 1 };
  exchange.onEnd = () => {
    entry.usage = usage;
    entry.cost = usd(cost);
    simulation.account.spend(cost);
  };
  entry.generationId = id;
  entry.provider = endpoint.providerName;
  return jsonDelivery(
    { model: model.canonicalSlug.split("/")[1] ?? "", results, usage, provider: endpoint.providerName, id },
    id,
  );
}

function documentText(document: JsonValue): string {
  return isJsonObject(document) ? String(document.text ?? "") : String(document);
}

/** Between 0 and 1: the share of the query's words in the text, and a little that depends on both. */
function relevance(query: string, text: string, seed: string | number): number {
  const wanted = salientWords(query.toLowerCase());
  const present = new Set(salientWords(text.toLowerCase(), 1000));
  const share = wanted.length === 0 ? 0 : wanted.filter((word) => present.has(word)).length / wanted.length;
  return Math.round((share * 0.9 + createRandom("rerank", seed, query, text).next() * 0.09) * 1e6) / 1e6;
}
