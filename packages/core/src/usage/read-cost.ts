import { addUsd } from "./money.js";
import type { Cost } from "./usage.js";
import { amountOf, recordOf } from "./wire-number.js";

/**
 * Reads what a call cost from a wire `usage` object. Undefined where `cost` is missing or is no amount: 0 is one.
 * For BYOK `cost` is OpenRouter's fee only, and the provider's own charge counts into `totalUsd`. Where `is_byok` is
 * missing, a charge above the cost tells it: OpenRouter never bills less than it pays.
 */
export function readCost(raw: unknown): Cost | undefined {
  const wire = recordOf(raw);
  const usd = amountOf(wire?.cost);
  if (!wire || usd === undefined) return undefined;
  const upstreamUsd = amountOf(recordOf(wire.cost_details)?.upstream_inference_cost);
  return costOf(usd, upstreamUsd, wire.is_byok, "provider");
}

/** Reads what a call cost from the `data` of a generation look-up. Undefined where it does not say. */
export function costOfGeneration(data: unknown): Cost | undefined {
  const generation = recordOf(data);
  const usd = amountOf(generation?.total_cost) ?? amountOf(generation?.usage);
  if (!generation || usd === undefined) return undefined;
  return costOf(usd, amountOf(generation.upstream_inference_cost), generation.is_byok, "generation");
}

const STRENGTH = { estimate: 0, generation: 1, provider: 2 } as const;

/** The money of two calls together, exact; the source is the weaker one of the two. */
export function addCost(first: Cost | undefined, second: Cost | undefined): Cost | undefined {
  if (!first || !second) return second ?? first;
  const toldUpstream = first.upstreamUsd !== undefined || second.upstreamUsd !== undefined;
  return {
    usd: addUsd(first.usd, second.usd),
    ...(toldUpstream ? { upstreamUsd: addUsd(first.upstreamUsd, second.upstreamUsd) } : {}),
    isByok: first.isByok || second.isByok,
    totalUsd: addUsd(first.totalUsd, second.totalUsd),
    source: STRENGTH[first.source] <= STRENGTH[second.source] ? first.source : second.source,
  };
}

function costOf(usd: number, upstreamUsd: number | undefined, told: unknown, source: Cost["source"]): Cost {
  const isByok = typeof told === "boolean" ? told : (upstreamUsd ?? 0) > usd;
  return {
    usd,
    ...(upstreamUsd === undefined ? {} : { upstreamUsd }),
    isByok,
    totalUsd: isByok ? addUsd(usd, upstreamUsd) : usd,
    source,
  };
}
