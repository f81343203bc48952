/**
 * Who may import whom. `values`: imports that exist at run time; `types`: `import type` only, in addition to `values`.
 * `http` stands for the whole room, `http/clock` for one file of it. A room always knows itself.
 */

/** @typedef {{ values: readonly string[], types?: readonly string[] }} Row */

/** Rooms of the middle floor: they know the wire and the port, and may know each other. */
const MIDDLE = [
  ...["generate", "structured", "tools", "steps", "chat-runs", "models", "limits", "usage"],
  ...["ledger", "cache", "telemetry", "breaker"],
];
const GROUND = ["messages", "provider", "errors"];
/** What the middle floor knows of the transport: how time passes and when to try again, not how bytes travel. */
const TIMING = ["http/clock", "http/pause", "http/retry-policy"];

/** The rooms of packages/core/src. `index` is src/index.ts itself. Nothing but the entry itself imports `node`, `testing`, `openai`, `mcp`, `browser` and `cli`. */
export const coreRooms = /** @type {Record<string, Row>} */ ({
  index: { values: ["client", ...MIDDLE, ...GROUND, "http", "sse"] },
  client: { values: [...MIDDLE, ...GROUND, "http", "sse"] },
  ...Object.fromEntries(
    MIDDLE.map((room) => [room, { values: [...MIDDLE, ...GROUND, ...TIMING], types: ["client", "http"] }]),
  ),
  provider: { values: ["http", "sse", "errors", "messages"], types: MIDDLE },
  http: { values: ["errors"], types: ["messages"] },
  sse: { values: ["errors"], types: ["messages"] },
  messages: { values: ["errors"] },
  // An error names the type of the result that it has a part of.
  errors: { values: [], types: ["generate"] },
  node: {
    values: ["sse", "errors", "http/clock", "generate/public-event", "models/nearest"],
    types: ["client", "generate", "messages", "tools", "steps", "chat-runs", "structured", "usage"],
  },
  testing: { values: [...MIDDLE, ...GROUND, ...TIMING, "sse"], types: ["client"] },
  openai: { values: ["errors"], types: ["client", "messages"] },
  browser: { values: [] },
  mcp: { values: ["generate", "structured", "tools", "messages", "errors"] },
  cli: { values: ["index", "client", ...MIDDLE, ...GROUND] },
});

/** Between packages. Apps and tests may import any package by its name. */
export const packages = /** @type {Record<string, Row>} */ ({
  core: { values: [] },
  express: { values: ["@signalbox/core", "@signalbox/core/node"] },
  nestjs: { values: ["@signalbox/core", "@signalbox/core/node", "@signalbox/core/testing"] },
  redis: { values: ["@signalbox/core"] },
  testing: { values: [], types: ["@signalbox/core"] },
});

/** Modules that core's sources may not load when they are imported. A type or an `import()` is fine, in `except` anything is. */
export const lazyInCore = [
  { module: "node:http", why: "costs 30 ms at import; use process.getBuiltinModule" },
  { module: "node:https", why: "costs 30 ms at import; use process.getBuiltinModule" },
  { module: "undici", why: "the user brings a dispatcher" },
  { module: "zod", why: "loaded only when a schema needs it" },
  { module: "@opentelemetry/api", why: "an optional peer" },
  { module: "cockatiel", why: "an optional peer" },
];

/** Modules that only one room may mention at all. */
export const onlyIn = [
  { module: "openai", room: "openai" },
  { module: "@modelcontextprotocol/sdk", room: "mcp" },
  { module: "@opentelemetry/api", room: "telemetry" },
  { module: "cockatiel", room: "breaker" },
];

/** What a client that only streams is loaded without: nothing leads from `start` to a part but `import()`. Paths in core. */
export const start = "client/llm-client.ts";
export const lazyParts = [
  "breaker/breaker",
  "cache/cache-key",
  "cache/cached-call",
  "cache/kept-turn",
  "cache/made-answer",
  "cache/soft-cache",
  "client/both-watchers",
  "client/llm-fetch",
  "client/log-watcher",
  "errors/read-upstream-error",
  "generate/json-call",
  "generate/request-report",
  "generate/tool-loop",
  "http/given-transports",
  "ledger/process-identity",
  "limits/budgets",
  "limits/gates",
  "limits/limiter",
  "limits/worst-case-cost",
  "models/read-models",
  "provider/merge-chunks",
  "structured/json-schema",
  "structured/partial",
  "structured/read-schema",
  "structured/structured-call",
  "structured/structured-output",
  "telemetry/open-telemetry",
  "tools/run-tool",
  "tools/tool-round",
];

/** Words that say nothing about what a file holds. */
export const bannedPathWords = [
  ...["util", "utils", "helper", "helpers", "common", "shared"],
  ...["misc", "lib", "libs", "manager", "managers"],
];

export const maxSourceLines = 300;
