import type { ModelFilter, ModelInfo, ModelPrice } from "./model-types.js";
import { ROUTING_VARIANTS } from "./notation-data.js";
import { splitModelId, vendorOf } from "./split-model-id.js";

const FREE: ModelPrice = { promptPerMillion: 0, completionPerMillion: 0 };

/** The models known at this moment, in memory. Reading never waits. */
export class Catalogue {
  #byId = new Map<string, ModelInfo>();

  constructor(rows: readonly ModelInfo[]) {
    this.replace(rows);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Forgets everything and keeps `rows` instead. */
  replace(rows: readonly ModelInfo[]): void {
    this.#byId = new Map(rows.map((row) => [row.id, row]));
  }

  /** The row of exactly this id; variants that only choose an endpoint (`:nitro`) and presets do not count. */
  get(id: string): ModelInfo | undefined {
    const exact = this.#byId.get(id);
    if (exact) return exact;
    const { base, kept } = splitModelId(id);
    const listed = kept.filter((suffix) => !ROUTING_VARIANTS.has(suffix.toLowerCase()));
    return this.#byId.get([base, ...listed].join(":"));
  }

  /** List price; 0 for `:free` ids; undefined where it is not known or depends on a router's choice. */
  price(id: string): ModelPrice | undefined {
    return this.get(id)?.price ?? (splitModelId(id).variants.includes("free") ? FREE : undefined);
  }

  /** A new array of what passes the filter, in catalogue order. */
  list(filter: ModelFilter = {}): ModelInfo[] {
    return [...this.#byId.values()].filter((model) => passes(model, filter));
  }
}

function passes(model: ModelInfo, filter: ModelFilter): boolean {
  const { search, vendor, supports, inputModality, outputModality, minContextLength, free } = filter;
  const { maxPromptPerMillion, maxCompletionPerMillion } = filter;
  const needed = typeof supports === "string" ? [supports] : (supports ?? []);
  const text = search?.trim().toLowerCase();
  const isFree =
    model.price !== undefined && model.price.promptPerMillion === 0 && model.price.completionPerMillion === 0;
  const atMost = (usd: number | undefined, bound: number | undefined) =>
    bound === undefined || (usd !== undefined && usd <= bound);
  return (
    (!text || model.id.toLowerCase().includes(text) || model.name.toLowerCase().includes(text)) &&
    (vendor === undefined || vendorOf(model.id) === vendor) &&
    needed.every((parameter) => model.supportedParameters.includes(parameter)) &&
    (inputModality === undefined || model.inputModalities.includes(inputModality)) &&
    (outputModality === undefined || model.outputModalities.includes(outputModality)) &&
    (minContextLength === undefined || (model.contextLength ?? 0) >= minContextLength) &&
    atMost(model.price?.promptPerMillion, maxPromptPerMillion) &&
    atMost(model.price?.completionPerMillion, maxCompletionPerMillion) &&
    (free === undefined || free === isFree)
  );
}
