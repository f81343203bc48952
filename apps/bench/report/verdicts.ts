import { JUDGED, LIMITS, type Limit } from "../limits.ts";
import type { Samples } from "../measure/run-scenario.ts";
import { ratios, type Summary, summarize } from "./statistics.ts";

export interface Verdict {
  limit: Limit;
  peer: string;
  summary: Summary;
  /** The median decides: what is below the limit at its minimum only does not pass. */
  passed: boolean;
}

/** Judges whatever was measured; limits of scenarios that did not run have no verdict. */
export function verdicts(results: Record<string, Samples>): Verdict[] {
  return LIMITS.flatMap((limit) => JUDGED.flatMap((peer) => judge(limit, peer, results[limit.scenario]) ?? []));
}

function judge(limit: Limit, peer: string, samples: Samples | undefined): Verdict | undefined {
  const values = samples?.values[peer]?.[limit.metric];
  if (!values || values.length === 0) return undefined;
  const base = limit.against === undefined ? undefined : samples?.values[limit.against]?.[limit.metric];
  if (limit.against !== undefined && !base) return undefined;
  const summary = summarize(base ? ratios(values, base) : values);
  return { limit, peer, summary, passed: summary.median <= limit.max };
}
