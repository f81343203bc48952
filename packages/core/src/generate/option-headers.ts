import type { GenerateRequest } from "./generate-request.js";

type HeaderOptions = Pick<
  GenerateRequest,
  "openRouterCache" | "routerMetadata" | "anthropicBeta" | "sessionId" | "headers"
>;

/** Services that are not OpenRouter and get nothing of its headers. */
const OTHERS = new Set(["openai", "custom"]);

/**
 * The headers that a request's options stand for, its own headers over them.
 *
 * @param session - what `x-session-id` says, where the body has no field for it
 */
export function optionHeaders(
  { openRouterCache: cache, routerMetadata, anthropicBeta, headers }: HeaderOptions,
  providerName: string,
  session?: string | undefined,
): Readonly<Record<string, string>> | undefined {
  if (OTHERS.has(providerName)) return headers;
  const made: Record<string, string> = {};
  if (cache !== undefined) made["x-openrouter-cache"] = String(cache !== false);
  if (typeof cache === "object") {
    if (cache.ttlMs !== undefined) made["x-openrouter-cache-ttl"] = String(Math.ceil(cache.ttlMs / 1_000));
    if (cache.clear === true) made["x-openrouter-cache-clear"] = "true";
  }
  if (routerMetadata !== undefined) made["x-openrouter-metadata"] = routerMetadata ? "enabled" : "disabled";
  const features = [anthropicBeta ?? []].flat();
  if (features.length > 0) made["x-anthropic-beta"] = features.join(",");
  if (session !== undefined) made["x-session-id"] = session;
  return Object.keys(made).length > 0 ? { ...made, ...headers } : headers;
}
