import type { NotationRouting } from "../models/model-types.js";
import type { ProviderRouting } from "./generate-request.js";

const WIRE_NAMES: Readonly<Record<keyof ProviderRouting, string>> = {
  order: "order",
  only: "only",
  ignore: "ignore",
  allowFallbacks: "allow_fallbacks",
  requireParameters: "require_parameters",
  dataCollection: "data_collection",
  zdr: "zdr",
  enforceDistillableText: "enforce_distillable_text",
  sort: "sort",
  maxPrice: "max_price",
  quantizations: "quantizations",
  preferredMinThroughput: "preferred_min_throughput",
  preferredMaxLatency: "preferred_max_latency",
};

/** Several layers of routing as one wire object; later layers win key by key; undefined where nothing is set. */
export function wireRouting(
  ...layers: readonly (ProviderRouting | NotationRouting | undefined)[]
): Record<string, unknown> | undefined {
  const wire: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value !== undefined) wire[WIRE_NAMES[name as keyof ProviderRouting]] = value;
    }
  }
  return Object.keys(wire).length > 0 ? wire : undefined;
}
