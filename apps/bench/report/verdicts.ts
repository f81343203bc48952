import { JUDGED, LIMITS, type Limit } from "../limits.ts";
import type { Samples } from "../measure/run-scenario.ts";
import { ratios, type Summary, summarize } from "./statistics.ts";

export interface Verdict {
  limit: Limit;
  peer: string;
  summary: Summary;
  /** The median decides: what is below the limit at its minimum only, or failed in any run, does not pass. */
  passed: boolean;
}

/** Judges whatever was measured; limits of scenarios that did not run have no verdict. */
export function verdicts(results: Record<string, Samples>): Verdict[] {
  return LIMITS.flatMap((limit) =>
    (limit.peers ?? JUDGED).flatMap((peer) => judge(limit, peer, results[limit.scenario]) ?? []),
  );
}

function judge(limit: Limit, peer: string, samples: Samples | undefined): Verdict | undefined {
  const values = samples?.values[peer]?.[limit.metric] ?? [];
  const base = limit.against === undefined ? undefined : (samples?.values[limit.against]?.[limit.metric] ?? []);
  const summary = summarize(base ? ratios(values, base) : values);
  const failed = [peer, limit.against ?? peer].some((name) => samples?.notes[name]?.startsWith("failed"));
  if (summary.count === 0 && !failed) return undefined;
  return { limit, peer, summary, passed: !failed && summary.median <= limit.max };
}
