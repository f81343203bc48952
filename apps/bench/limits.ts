/** What the client has to reach: the one place where the figures stand. */
export interface Limit {
  readonly scenario: string;
  readonly metric: string;
  readonly what: string;
  /** Ratio to this peer's figure in the same run; absent: the figure itself. */
  readonly against?: string;
  /** Who has to keep it. @default {@link JUDGED} */
  readonly peers?: readonly string[];
  readonly max: number;
  readonly aim?: number;
  readonly unit?: string;
}

const A = "floor-a";

export const LIMITS: readonly Limit[] = [
  { scenario: "single", metric: "cpuUs", what: "CPU per chunk, one stream of 20,000", against: A, max: 0.9, aim: 0.75 },
  {
    scenario: "multibyte",
    metric: "cpuUs",
    what: "CPU per chunk, multi-byte in 1,021-byte writes",
    against: A,
    max: 0.9,
    aim: 0.75,
  },
  { scenario: "envelope", metric: "cpuUs", what: "CPU per chunk, envelope varies per event", against: A, max: 1.15 },
  { scenario: "recorded", metric: "cpuUs", what: "CPU per chunk, 20 longest recorded streams", against: A, max: 1 },
  { scenario: "streams-100", metric: "cpuUs", what: "CPU per chunk, 100 streams", against: A, max: 0.7 },
  { scenario: "streams-500", metric: "cpuUs", what: "CPU per chunk, 500 streams", against: A, max: 0.7 },
  { scenario: "paced", metric: "cpuUs", what: "CPU per chunk, paced, one event per write", against: A, max: 0.7 },
  { scenario: "first-token", metric: "p50Us", what: "time to first token, p50", against: A, max: 0.6 },
  {
    scenario: "calls-1",
    metric: "cpuUs",
    what: "CPU per request, not streaming, 1 at once",
    against: A,
    max: 0.5,
    aim: 0.4,
  },
  {
    scenario: "calls-64",
    metric: "cpuUs",
    what: "CPU per request, not streaming, 64 at once",
    against: A,
    max: 0.5,
    aim: 0.4,
  },
  { scenario: "held", metric: "heapKB", what: "heap per open idle stream", max: 18, aim: 15, unit: "KB" },
  { scenario: "objects", metric: "cpuMs100", what: "partial objects, CPU at 100 KB", against: "openai", max: 0.5 },
  { scenario: "objects", metric: "cpuMs400", what: "partial objects, CPU at 400 KB", max: 350, unit: "ms" },
  { scenario: "objects", metric: "growth", what: "partial objects, growth 100 → 400 KB", max: 4.3 },
  { scenario: "import", metric: "importMs", what: "import over bare node", max: 25, aim: 15, unit: "ms" },
  {
    scenario: "size",
    metric: "installedKB",
    what: "installed size without zod and optional peers",
    max: 5 * 1_024,
    unit: "KB",
  },
  { scenario: "size", metric: "streamingKB", what: "minimal streaming bundle, gzip", max: 25, unit: "KB" },
  { scenario: "size", metric: "startKB", what: "of it loaded at the start, gzip", max: 25, unit: "KB" },
  { scenario: "size", metric: "resolveClient", what: "client in a bundle of resolveModel alone", max: 0 },
  {
    scenario: "size",
    metric: "resolveCatalogue",
    what: "catalogue in a bundle of resolveModel alone",
    max: 0,
    unit: "models",
  },
  ...[
    { metric: "cpuUs", what: "relay CPU per chunk, openAICompatible()", peers: ["relay"], max: 2, aim: 1.8 },
    { metric: "cpuUs", what: "relay CPU per chunk, typed events", peers: ["events"], max: 2.2, aim: 2 },
    { metric: "p50Us", what: "delay through the relay, p50", peers: ["relay", "events"], max: 1.4 },
  ].map((limit) => ({ scenario: "relay", against: "pipe", ...limit })),
  ...[
    { scenario: "operations-64", what: "CPU a call with limits, budgets and ledger, 64 at once", max: 1.3 },
    { scenario: "operations-stream", what: "CPU a stream of 200 chunks with the same", max: 1.05 },
  ].map((limit) => ({ metric: "ratio", peers: ["signalbox-operations"], unit: "x without", ...limit })),
  {
    scenario: "redis-pace",
    metric: "p99Us",
    what: "reserve + settle in Redis at 1,000 a second, p99",
    peers: ["signalbox"],
    max: 1_000,
    unit: "µs",
  },
  {
    scenario: "redis-calls",
    metric: "roundTrips",
    what: "round trips to Redis that a call waits for",
    peers: ["generate", "stream"],
    max: 2,
  },
];

/** Peers that most limits are for; both must keep them. */
export const JUDGED = ["signalbox", "signalbox-limits"];
