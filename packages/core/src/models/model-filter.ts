import { createError } from "../errors/error-classes.js";
import type { ModelFilter, ModelInfo } from "./model-types.js";
import { nearest } from "./nearest.js";
import { vendorOf } from "./split-model-id.js";

const KEYS: Readonly<Record<keyof ModelFilter, true>> = {
  search: true,
  vendor: true,
  supports: true,
  inputModality: true,
  outputModality: true,
  minContextLength: true,
  minCompletionTokens: true,
  maxPromptPerMillion: true,
  maxCompletionPerMillion: true,
  free: true,
  servedOn: true,
  sort: true,
  limit: true,
};

type Comparison = (a: ModelInfo, b: ModelInfo) => number;
/** Smaller figures first; what has none comes last. */
const rising =
  (figure: (model: ModelInfo) => number | undefined): Comparison =>
  (a, b) => {
    const [left, right] = [figure(a) ?? Number.POSITIVE_INFINITY, figure(b) ?? Number.POSITIVE_INFINITY];
    return left === right ? 0 : left - right;
  };
const negative = (figure: number | undefined) => (figure === undefined ? undefined : -figure);

const ORDERS: Readonly<Record<NonNullable<ModelFilter["sort"]>, Comparison>> = {
  price: rising(({ price }) => price && price.promptPerMillion + price.completionPerMillion),
  context: rising(({ contextLength }) => negative(contextLength)),
  newest: rising(({ created }) => negative(created)),
  name: (a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1),
};

/**
 * The models that pass a filter, in its order; a new array.
 *
 * @throws InvalidRequestError `invalid_request` for an unknown key, an unknown `sort`, or a `servedOn` that is no day
 */
export function filterModels(models: readonly ModelInfo[], filter: ModelFilter): ModelInfo[] {
  check(filter);
  const { sort, limit } = filter;
  const day = dayOf(filter.servedOn);
  const kept = models.filter((model) => passes(model, filter, day));
  if (sort !== undefined) kept.sort(ORDERS[sort]);
  return limit === undefined ? kept : kept.slice(0, Math.max(0, limit));
}

function passes(model: ModelInfo, filter: ModelFilter, day: string | undefined): boolean {
  const { search, vendor, free } = filter;
  const { price } = model;
  const named = `${model.id} ${model.name}`.toLowerCase();
  const words = search?.toLowerCase().split(/\s+/) ?? [];
  const isFree = price !== undefined && price.promptPerMillion === 0 && price.completionPerMillion === 0;
  return (
    words.every((word) => named.includes(word)) &&
    (vendor === undefined || listOf(vendor).includes(vendorOf(model.id))) &&
    listOf(filter.supports).every((parameter) => model.supportedParameters.includes(parameter)) &&
    listOf(filter.inputModality).every((modality) => model.inputModalities.includes(modality)) &&
    listOf(filter.outputModality).every((modality) => model.outputModalities.includes(modality)) &&
    atLeast(model.contextLength, filter.minContextLength) &&
    atLeast(model.maxCompletionTokens, filter.minCompletionTokens) &&
    atMost(price?.promptPerMillion, filter.maxPromptPerMillion) &&
    atMost(price?.completionPerMillion, filter.maxCompletionPerMillion) &&
    (free === undefined || free === isFree) &&
    (day === undefined || model.expirationDate === undefined || model.expirationDate >= day)
  );
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;
const atLeast = (figure: number | undefined, bound: number | undefined) =>
  bound === undefined || (figure ?? 0) >= bound;
const atMost = (figure: number | undefined, bound: number | undefined) =>
  bound === undefined || (figure !== undefined && figure <= bound);

function dayOf(value: Date | string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? value : Number.isNaN(value.getTime()) ? "" : value.toISOString();
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0];
  if (day === undefined) throw createError("invalid_request", "servedOn is no day; allowed: a Date, or YYYY-MM-DD");
  return day;
}

function check(filter: ModelFilter): void {
  const unknown = Object.keys(filter).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined) {
    const [near] = nearest(unknown, Object.keys(KEYS));
    throw createError("invalid_request", `the filter has no "${unknown}"${near ? `; did you mean ${near}?` : ""}`);
  }
  if (filter.sort !== undefined && !Object.hasOwn(ORDERS, filter.sort))
    throw createError("invalid_request", `sort is "${filter.sort}"; allowed: ${Object.keys(ORDERS).join(", ")}`);
}
