import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import type { LedgerRecord } from "../ledger/ledger.js";
import { count } from "./amounts.js";
import { readFlags, UsageMistake, wordFlag } from "./flags.js";
import { type OpenedLedger, openLedger, shown } from "./open-ledger.js";
import { type Spending, SpendingSum } from "./spending.js";
import { type Column, printTable } from "./table.js";
import { type Terminal, writeLine } from "./terminal.js";

const FLAGS = {
  ledger: { type: "string" },
  table: { type: "string" },
  by: { type: "string", default: "model" },
  from: { type: "string" },
  to: { type: "string" },
  json: { type: "boolean" },
} as const;

const DAY_MS = 86_400_000;

/** What a request is counted under; the days are those of UTC. */
const NAMES = {
  user: ({ user }: LedgerRecord) => user,
  model: ({ model }: LedgerRecord) => model,
  day: ({ endedAt }: LedgerRecord) => new Date(endedAt).toISOString().slice(0, 10),
};

interface Row extends Spending {
  name: string | undefined;
}

/** `signalbox spend`: 1 where there is nothing to report. */
export async function showSpending(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readFlags(args, FLAGS);
  if (positionals.length > 0)
    throw new UsageMistake(`spend takes no "${shown(positionals[0] ?? "")}"; the ledger is --ledger`);
  const by = wordFlag("by", values.by, ["user", "model", "day"]);
  const range = { from: dateFlag("from", values.from, 0), to: dateFlag("to", values.to, DAY_MS) };
  if (range.from !== undefined && range.to !== undefined && range.from >= range.to)
    throw new UsageMistake("--from comes before --to");
  const opened = await openLedger(values.ledger, values.table, terminal);
  try {
    const { rows, total, open } = await sumUp(opened, NAMES[by], range, terminal.signal);
    if (by === "day") rows.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
    if (values.json) {
      const named = rows.map(({ name = null, ...spending }) => ({ [by]: name, ...spending }));
      await writeLine(terminal.stdout, JSON.stringify({ rows: named, total, open }, null, 2));
    } else if (rows.length > 0) await printTable(terminal, columns(by), [...rows, { name: "total", ...total }]);
    else await writeLine(terminal.stderr, "No request has ended in this time.");
    if (open > 0) await writeLine(terminal.stderr, openWords(open));
    return rows.length > 0 ? 0 : 1;
  } finally {
    await opened.close();
  }
}

async function sumUp(
  { ledger }: OpenedLedger,
  nameOf: (record: LedgerRecord) => string | undefined,
  range: { from: number | undefined; to: number | undefined },
  signal: AbortSignal,
): Promise<{ rows: Row[]; total: Spending; open: number }> {
  const sums = new Map<string | undefined, SpendingSum>();
  const total = new SpendingSum();
  try {
    for await (const record of ledger.records(range)) {
      signal.throwIfAborted();
      const name = nameOf(record);
      const sum = sums.get(name) ?? new SpendingSum();
      sums.set(name, sum);
      sum.add(record);
      total.add(record);
    }
    const open = (await ledger.orphans()).length;
    const dearest = [...sums].sort(([, a], [, b]) => (b.usd > a.usd ? 1 : b.usd < a.usd ? -1 : 0));
    return { rows: dearest.map(([name, sum]) => ({ name, ...sum.totals() })), total: total.totals(), open };
  } catch (cause) {
    if (signal.aborted || LLMError.is(cause)) throw cause;
    const { message, code } = cause as { message?: unknown; code?: unknown };
    throw createError("invalid_config", `the ledger cannot be read: ${message || code || cause}`, { cause });
  }
}

function columns(by: string): readonly Column<Row>[] {
  const part = (calls: number, usd: string) => (calls === 0 ? "-" : `${calls} ($${usd})`);
  return [
    { title: by, cell: ({ name = "-" }) => name },
    { title: "calls", cell: ({ calls }) => String(calls), right: true },
    { title: "refused", cell: ({ refused }) => String(refused), right: true },
    { title: "prompt", cell: ({ promptTokens }) => count(promptTokens), right: true },
    { title: "completion", cell: ({ completionTokens }) => count(completionTokens), right: true },
    { title: "USD", cell: ({ usd }) => `$${usd}`, right: true },
    { title: "estimated", cell: ({ estimatedCalls, estimatedUsd }) => part(estimatedCalls, estimatedUsd), right: true },
    { title: "unknown", cell: ({ unknownCalls, unknownUsd }) => part(unknownCalls, unknownUsd), right: true },
  ];
}

/** A day (UTC) or a point in time; a day that ends a range belongs to it. */
function dateFlag(name: string, text: string | undefined, dayIsMs: number): number | undefined {
  if (text === undefined) return undefined;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = isDay || isTime ? Date.parse(text) : Number.NaN;
  // The 30th of February is none, though it can be read as one.
  const day = text.slice(0, 10);
  if (Number.isNaN(time) || new Date(Date.parse(day)).toISOString().slice(0, 10) !== day)
    throw new UsageMistake(`--${name} takes a day as 2026-11-23, or a time as 2026-11-23T18:00Z, not "${text}"`);
  return time + (isDay ? dayIsMs : 0);
}

const openWords = (open: number) =>
  open === 1
    ? "1 request of a process that is gone is not settled yet; the next client with this ledger does it."
    : `${open} requests of processes that are gone are not settled yet; the next client with this ledger does it.`;
