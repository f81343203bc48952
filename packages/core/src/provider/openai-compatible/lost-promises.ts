import { createError } from "../../errors/error-classes.js";
import type { ChatBody } from "../../messages/chat-body.js";

const HARMLESS_PLUGINS = new Set(["response-healing", "context-compression"]);
/** Promises inside `provider` that no other service keeps. */
const PROMISES = ["zdr", "data_collection", "max_price", "enforce_distillable_text"] as const;

/**
 * Refuses what only OpenRouter can keep, so that it never gets lost silently: data-policy and price limits in
 * `provider`, plugins that change the answer.
 *
 * @throws InvalidRequestError `invalid_request` naming it
 */
export function refuseLostPromises(body: Pick<ChatBody, "provider" | "plugins">, name: string): void {
  const promised = PROMISES.find((field) => {
    const value = body.provider?.[field];
    return value !== undefined && value !== null && value !== false && value !== "allow";
  });
  if (promised !== undefined) {
    throw createError(
      "invalid_request",
      `provider ${name} cannot keep the routing rule ${promised}: only openrouter can`,
    );
  }
  for (const plugin of [body.plugins ?? []].flat()) {
    const { id, enabled } = (plugin ?? {}) as { id?: unknown; enabled?: unknown };
    if (enabled === false || (typeof id === "string" && HARMLESS_PLUGINS.has(id))) continue;
    throw createError("invalid_request", `provider ${name} has no plugins: only openrouter has`);
  }
}
