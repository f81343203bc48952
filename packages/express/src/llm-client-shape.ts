import type { LLM } from "@signalbox/core";
import { setupMistake } from "./option-checks.js";

/** Tells a client from options by what it can do, so that a client of another install counts too. */
export function isLLM(value: unknown): value is LLM {
  if (typeof value !== "object" || value === null) return false;
  const { generate, stream, scope, run } = value as Partial<Record<keyof LLM, unknown>>;
  return [generate, stream, scope, run].every((method) => typeof method === "function");
}

/** @throws ConfigurationError `invalid_config` for a `client` option that is no client */
export function checkClient(where: string, client: unknown): void {
  if (client === undefined || isLLM(client)) return;
  throw setupMistake(
    `${where}: \`client\` is no client`,
    "Give an LLMClient, or leave it out and mount llmMiddleware() before the route.",
  );
}
