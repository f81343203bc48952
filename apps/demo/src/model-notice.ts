import { estimateCost, type LLMClient, resolveModel } from "@signalbox/core";
import { usd } from "./terminal/numbers.js";

/** What is known of the model before it is asked for anything. */
export interface ModelNotice {
  /** As it is configured, in the original notation or in today's. */
  model: string;
  /** How that is read: what is sent, and to whom it goes first. */
  notation: string;
  /** USD for a deck's tokens, by number of slides; without and with the search. Absent where no price is known. */
  estimates: Record<number, { plain: number; searched: number }> | undefined;
  /** USD that OpenRouter may charge for a search, on top of tokens. */
  searchFee: number;
}

/** Source: OpenRouter's price for five results of its search engine. */
const SEARCH_FEE = 0.02;

export function noticeOf(llm: LLMClient): ModelNotice {
  const model = llm.model ?? "";
  const { sent, routing, substituted } = resolveModel(model, { catalogue: llm.models });
  const first = routing?.only ?? routing?.order;
  const via = first === undefined ? "" : ` via ${first.join(", ")}`;
  const why = substituted === undefined ? "" : ` (${substituted.reason})`;
  const estimates = llm.models.price(model) === undefined ? undefined : estimateDecks(llm, model);
  return { model, notation: `${model} → ${sent}${via}${why}`, estimates, searchFee: SEARCH_FEE };
}

function estimateDecks(llm: LLMClient, model: string): NonNullable<ModelNotice["estimates"]> {
  const cost = (tokens: Tokens) => estimateCost(model, tokens, { catalogue: llm.models }).totalUsd;
  const sizes = Array.from({ length: 10 }, (_, index) => index + 3);
  return Object.fromEntries(
    sizes.map((slides) => [slides, { plain: cost(tokensOf(slides, false)), searched: cost(tokensOf(slides, true)) }]),
  );
}

interface Tokens {
  promptTokens: number;
  completionTokens: number;
}

/** Roughly what a deck takes: one outline, each slide with the whole outline before its eyes, perhaps a search. */
function tokensOf(slides: number, search: boolean): Tokens {
  const outline = { prompt: 520, completion: 60 + 110 * slides };
  const slide = { prompt: 620 + 30 * slides + (search ? 330 : 0), completion: 330 };
  const found = search ? { prompt: 700 + 30 * slides, completion: 480 } : { prompt: 0, completion: 0 };
  return {
    promptTokens: outline.prompt + found.prompt + slides * slide.prompt,
    completionTokens: outline.completion + found.completion + slides * slide.completion,
  };
}

/** What the user is told a deck may cost, before the first call. */
export function priceInWords({ estimates, searchFee }: ModelNotice, slides: number, search: boolean): string {
  const usdOf = estimates?.[slides];
  if (usdOf === undefined) return "an unknown amount";
  return search ? `${usd(usdOf.searched)} plus ${usd(searchFee)} for the search` : usd(usdOf.plain);
}
