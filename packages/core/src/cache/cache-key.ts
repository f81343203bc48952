import type { ChatBody } from "../messages/chat-body.js";
import { recordOf } from "../usage/wire-number.js";

/** What says who asks, or how the answer is to travel, and leaves the answer as it is. */
const VOLATILE_FIELDS: ReadonlySet<string> = new Set([
  ...["stream", "stream_options", "usage", "user", "metadata", "session_id", "trace"],
  ...["cache_control", "prompt_cache_key", "prompt_cache_options", "safety_identifier"],
]);
const VOLATILE_HEADERS: ReadonlySet<string> = new Set([
  ...["http-referer", "idempotency-key", "traceparent", "tracestate", "baggage", "user-agent"],
  ...["x-correlation-id", "x-request-id", "x-session-id", "x-title", "x-openrouter-metadata"],
  ...["x-openrouter-cache", "x-openrouter-cache-ttl", "x-openrouter-cache-clear"],
]);

/** Another number wherever another version could not read what this one keeps. */
const FORMAT = 1;

/** What an answer depends on. */
export interface AskedFor {
  /** As it goes out, after policy. */
  body: ChatBody;
  headers: Readonly<Record<string, string>> | undefined;
  providerName: string;
  /** Undefined for a provider of the user's own. */
  baseURL: string | undefined;
  /** Hash of the API key: who brings a key of their own shares nothing. */
  account: string;
  /** Only what fits a schema is kept: such answers are kept apart, and streamed or not they are the same. */
  isJudged: boolean;
}

/**
 * The name under which an answer is kept: a SHA-256, from which nothing of the prompt can be told. The order of keys
 * does not count, nor what says who asks; everything else does.
 *
 * Throws: what is no JSON, such as a body that holds itself.
 */
export function cacheKey({ body, headers = {}, providerName, baseURL, account, isJudged }: AskedFor): string {
  const asked = isJudged ? { ...body, plugins: unhealed(body.plugins) } : body;
  const fields = Object.entries(asked).filter(([name]) => !VOLATILE_FIELDS.has(name));
  const said = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const whole = canonicalJson([
    FORMAT,
    isJudged,
    providerName,
    baseURL ?? null,
    account,
    Object.fromEntries(fields),
    Object.fromEntries(said.filter(([name]) => !VOLATILE_HEADERS.has(name))),
  ]);
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(whole).digest("hex");
}

/** The plugin that mends JSON goes out with what is not streamed: what it gives is held to the schema like the rest. */
function unhealed(plugins: ChatBody["plugins"]): unknown[] | undefined {
  const others = plugins?.filter((plugin) => recordOf(plugin)?.id !== "response-healing") ?? [];
  return others.length > 0 ? others : undefined;
}

/** JSON whose objects have their keys in alphabetical order, however deep. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
