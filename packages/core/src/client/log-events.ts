import type { Logger } from "./client-options.js";
import type { Listeners } from "./llm-events.js";

/** Warnings about money, or about what was mended; all others are only worth knowing. */
const MATTERS: ReadonlySet<string> = new Set(["cost_unknown", "budget_store", "catalogue_refresh"]);

/** Writes what a client tells its listeners to its log, too; never a user, a header or a text. */
export function logEvents(listeners: Listeners, logger: Logger): void {
  listeners.add("usage", ({ model, generationId, usage, cost }) => {
    const { promptTokens, completionTokens } = usage ?? {};
    logger.debug?.("answered", { model, generationId, promptTokens, completionTokens, usd: cost?.totalUsd });
  });
  listeners.add("retry", (retry) => logger.warn?.("an attempt failed and is repeated", retry));
  listeners.add("warning", ({ code, message }) => {
    if (MATTERS.has(code)) logger.warn?.(message, { code });
    else logger.info?.(message, { code });
  });
}
