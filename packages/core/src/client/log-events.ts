import type { Logger } from "./client-options.js";
import type { Listeners } from "./llm-events.js";

/** Warnings about money, or about what fails or was mended; all others are only worth knowing. */
const MATTERS: ReadonlySet<string> = new Set([
  ...["cost_unknown", "budget_store", "ledger"],
  ...["catalogue_refresh", "response_cache", "circuit_open"],
]);

/** What is written in place of a warning that may quote the answer, as what is wrong with it does. */
const UNQUOTED: ReadonlyMap<string, string> = new Map([
  ["structured_reask", "the answer did not fit the schema; the model was asked again"],
]);

/** Writes what a client tells its listeners to its log, too; never a user, a header or a text. */
export function logEvents(listeners: Listeners, logger: Logger): void {
  listeners.add("usage", ({ model, generationId, usage, cost, fromCache }) => {
    const { promptTokens, completionTokens } = usage ?? {};
    const marks = fromCache ? { fromCache } : {};
    logger.debug?.("answered", { model, generationId, promptTokens, completionTokens, usd: cost?.totalUsd, ...marks });
  });
  listeners.add("retry", (retry) => logger.warn?.("an attempt failed and is repeated", retry));
  listeners.add("warning", ({ code, message }) => {
    const text = UNQUOTED.get(code) ?? message;
    if (MATTERS.has(code)) logger.warn?.(text, { code });
    else logger.info?.(text, { code });
  });
}
