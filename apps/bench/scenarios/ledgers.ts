import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Ledger, LedgerIntent } from "@signalbox/core/ledger";
import { addFigures, type Values } from "../measure/in-rounds.ts";
import { MODEL } from "../peers/peer.ts";
import { postgresPrograms, type StartedPostgres, startPostgres } from "../upstream/start-postgres.ts";
import type { Figures, SurveyScenario } from "./scenario.ts";

const ROUNDS = 5;
const WARM_UP = 500;
const RECORDS = 5_000;
const AT_ONCE = 64;

type Sinks = typeof import("@signalbox/core/ledger");

interface Place {
  sinks: Sinks;
  folder: string;
  postgres: StartedPostgres | undefined;
}

/** A ledger, and how much it takes on a disk. */
interface Sink {
  ledger: Ledger;
  bytes?: () => number | Promise<number>;
}

const KINDS: Readonly<Record<string, (place: Place) => Sink | undefined>> = {
  memory: ({ sinks }) => ({ ledger: sinks.memoryLedger() }),
  jsonl: ({ sinks, folder }) => inFile(join(folder, "usage.jsonl"), sinks.jsonlLedger),
  sqlite: ({ sinks, folder }) => inFile(join(folder, "usage.db"), sinks.sqliteLedger),
  postgres({ sinks, postgres }) {
    if (postgres === undefined) return undefined;
    const pool = postgres.pool();
    const bytes = async () => {
      const { rows } = await pool.query("select pg_total_relation_size('signalbox_ledger') as bytes");
      return Number(rows[0]?.bytes);
    };
    return { ledger: sinks.postgresLedger(pool), bytes };
  },
};

const inFile = (path: string, open: (path: string) => Ledger): Sink => ({
  ledger: open(path),
  bytes: () => statSync(path).size,
});

/** How many requests a ledger keeps a second, an intent and a record for each. */
export const scenario: SurveyScenario = {
  kind: "survey",
  title: `ledgers: an intent and a record for each request, ${AT_ONCE} at once`,
  metrics: [
    { key: "recordsPerS", title: "requests a second" },
    { key: "cpuUs", title: "CPU µs of the client a request" },
    { key: "diskBytes", title: "bytes on disk a request" },
  ],
  async survey({ corePackage }) {
    const sinks = (await import(pathToFileURL(join(corePackage, "dist", "ledger.js")).href)) as Sinks;
    const values: Record<string, Values> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      const place = {
        sinks,
        folder: mkdtempSync(join(tmpdir(), "signalbox-bench-ledger-")),
        postgres: await started(),
      };
      try {
        for (const [kind, open] of Object.entries(KINDS)) {
          const sink = open(place);
          if (sink === undefined) continue;
          values[kind] ??= {};
          addFigures(values[kind], await measure(sink));
        }
      } finally {
        await place.postgres?.stop();
        rmSync(place.folder, { recursive: true, force: true });
      }
    }
    return values;
  },
};

const started = () => (postgresPrograms() === undefined ? undefined : startPostgres());

async function measure({ ledger, bytes }: Sink): Promise<Figures> {
  await keep(ledger, WARM_UP);
  const cpu = process.cpuUsage();
  const start = performance.now();
  await keep(ledger, RECORDS);
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const total = await bytes?.();
  await ledger.close?.();
  return {
    recordsPerS: RECORDS / seconds,
    cpuUs: (user + system) / RECORDS,
    ...(total !== undefined && { diskBytes: total / (WARM_UP + RECORDS) }),
  };
}

async function keep(ledger: Ledger, count: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await keepOne(ledger);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function keepOne(ledger: Ledger): Promise<void> {
  const startedAt = Date.now();
  const intent: LedgerIntent = {
    id: randomBytes(16).toString("hex"),
    startedAt,
    process: "bench:1:1",
    operation: "chat",
    provider: "openrouter",
    model: MODEL,
    user: "ann",
    key: "0123456789abcdef",
    worstCaseUsd: 0.0123,
  };
  await ledger.begin(intent);
  await ledger.finish({
    ...intent,
    generationId: `gen-${intent.id}`,
    outcome: "answered",
    endedAt: startedAt + 900,
    latencyMs: 900,
    firstTokenMs: 300,
    attempts: 1,
    servedBy: "OpenAI",
    finishReason: "stop",
    promptTokens: 12,
    completionTokens: 40,
    usd: 0.0000258,
    source: "provider",
  });
}
