// `pnpm soak [--small] [--only departures|unread|steady] [--callers n] [--seconds n]`: prints what was measured; 1 where a limit was missed.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Departures, measureDepartures } from "./departures.ts";
import { percentile } from "./percentile.ts";
import { measureSteady, type Steady } from "./steady.ts";
import { measureUnread, type Unread } from "./unread.ts";

const { values } = parseArgs({
  options: {
    small: { type: "boolean", default: false },
    only: { type: "string" },
    callers: { type: "string" },
    seconds: { type: "string" },
  },
});
const small = values.small;
const P99_MS = 50;
const GROWTH = 1.1;
const LIVE_BYTES = 5e6;
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const runs = (name: string) => values.only === undefined || values.only === name;
const misses: string[] = [];
const progress = (text: string) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

console.log(`Node ${process.versions.node}, ${availableParallelism()} CPUs\n`);
if (runs("departures")) reportDepartures(await measureDepartures(Number(values.callers ?? 200), progress));
if (runs("unread")) reportUnread(await measureUnread(small ? 5 : 15, progress));
if (runs("steady")) {
  const callers = Number(values.callers ?? (small ? 200 : 2_000));
  reportSteady(await measureSteady(callers, Number(values.seconds ?? (small ? 10 : 60)), progress));
}
for (const miss of misses) console.log(`missed: ${miss}`);
process.exitCode = misses.length > 0 ? 1 : 0;

function reportDepartures(rows: readonly Departures[]): void {
  console.log(
    "| callers leave | upstream | left | closed | p50 ms | p99 ms | most ms |\n|---|---|---|---|---|---|---|",
  );
  for (const { road, manner, left, closed, delays, failures } of rows) {
    const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(delays, share));
    console.log(
      `| ${road} | ${manner} | ${left} | ${closed} | ${[p50, p99, most].map((ms) => ms?.toFixed(1)).join(" | ")} |`,
    );
    if (closed < left) misses.push(`${left - closed} of ${left} stayed open upstream: ${road}, ${manner}`);
    // The small run counts; it shares its machine with everything else.
    if (!small && road !== "/pipe" && (p99 ?? 0) > P99_MS)
      misses.push(`p99 ${p99?.toFixed(1)} ms > ${P99_MS} ms: ${road}, ${manner}`);
    misses.push(...failures);
  }
  console.log();
}

function reportUnread(rows: readonly Unread[]): void {
  for (const { road, callers, liveEach } of rows) {
    console.log(`${callers} callers of ${road} who do not read: ${mb(liveEach)} each`);
    if (liveEach > LIVE_BYTES) misses.push(`${road} holds ${mb(liveEach)} for a caller who does not read`);
  }
  console.log();
}

function reportSteady({ clients, seconds, whole, events, failures, before, during, after }: Steady): void {
  console.log(
    `${clients} callers × 2 events/s × ${seconds} s: ${whole} whole, ${events} events, ${failures.length} errors`,
  );
  console.log(`heap ${mb(before.heap)} before, ${mb(during.heap)} during, ${mb(after.heap)} after`);
  console.log(`rss ${mb(before.rss)} before, ${mb(during.rss)} during, ${mb(after.rss)} after\n`);
  if (whole < clients) misses.push(`${clients - whole} of ${clients} streams were not whole`);
  if (after.heap > GROWTH * before.heap) misses.push(`the heap grew from ${mb(before.heap)} to ${mb(after.heap)}`);
  misses.push(...new Set(failures));
}
