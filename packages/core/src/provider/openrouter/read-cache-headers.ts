import type { OpenRouterCacheAnswer } from "../../messages/router-metadata.js";

const PREFIX = "x-openrouter-cache-";

/** Reads what an answer's headers (lower-case names) say of OpenRouter's response cache; undefined where they say nothing. */
export function readCacheHeaders(
  headers: Readonly<Record<string, string | undefined>>,
): OpenRouterCacheAnswer | undefined {
  const status = headers[`${PREFIX}status`]?.toLowerCase();
  if (status !== "hit" && status !== "miss") return undefined;
  const ageMs = milliseconds(headers[`${PREFIX}age`]);
  const ttlMs = milliseconds(headers[`${PREFIX}ttl`]);
  const sourceId = headers[`${PREFIX}source-id`];
  return {
    status,
    ...(ageMs === undefined ? {} : { ageMs }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(sourceId ? { sourceId } : {}),
  };
}

function milliseconds(seconds: string | undefined): number | undefined {
  return seconds !== undefined && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}
