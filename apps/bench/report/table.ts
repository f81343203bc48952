import type { Samples } from "../measure/run-scenario.ts";
import type { Described } from "../scenarios/scenario.ts";
import { ratios, type Summary, summarize } from "./statistics.ts";
import type { Verdict } from "./verdicts.ts";

const TOP = 15;

/** Median with minimum and maximum. */
export function spread({ median, min, max, count }: Summary): string {
  return count === 1 ? figure(median) : `${figure(median)} (${figure(min)}–${figure(max)})`;
}

export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** All figures of one scenario, a row for each peer. */
export function scenarioTable(scenario: Described, samples: Samples): string {
  const { metrics } = scenario;
  const head = metrics.flatMap(({ title, against }) => (against ? [title, `x ${against}`] : [title]));
  const rows = Object.entries(samples.values).map(([peer, values]) => {
    const cells = metrics.flatMap(({ key, against }) => {
      const own = values[key] ?? [];
      const base = against === undefined ? [] : (samples.values[against]?.[key] ?? []);
      const shown = own.length > 0 ? spread(summarize(own)) : "–";
      if (against === undefined) return [shown];
      return [shown, own.length > 0 && base.length > 0 ? spread(summarize(ratios(own, base))) : "–"];
    });
    const runs = Math.max(...Object.values(values).map(({ length }) => length));
    return [peer, ...cells, String(runs)];
  });
  const notes = Object.entries(samples.notes).map(([peer, note]) => `- ${peer}: ${note.split("\n")[0]}`);
  const parts = [`### ${scenario.title}`];
  if (rows.length > 0) parts.push(markdownTable(["peer", ...head, "runs"], rows));
  if (notes.length > 0) parts.push(notes.join("\n"));
  return parts.join("\n\n");
}

/** Where the time of each peer went. */
export function hotspotTables(samples: Samples): string {
  return Object.entries(samples.hotspots)
    .map(([peer, hotspots]) => {
      const rows = hotspots.slice(0, TOP).map(({ where, percent }) => [`\`${where}\``, figure(percent)]);
      return `Own time of ${peer}, measured part only\n\n${markdownTable(["function", "%"], rows)}`;
    })
    .join("\n\n");
}

/** Reached or missed, a row for each limit and each judged peer. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ limit, peer, summary, passed }) => {
    const unit = limit.against === undefined ? (limit.unit ?? "") : `x ${limit.against}`;
    const bound = `≤ ${limit.max}${limit.aim === undefined ? "" : `, aim ${limit.aim}`} ${unit}`.trim();
    return [limit.what, peer, bound, spread(summary), passed ? "pass" : "**FAIL**"];
  });
  return markdownTable(["what", "client", "limit", "median (min–max)", ""], rows);
}
