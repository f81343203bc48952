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
    advice(client) ?? "Give an LLMClient, or leave it out and mount llmMiddleware() before the route.",
  );
}

/** @throws ConfigurationError `invalid_config` for what is neither a client nor the options of one */
export function checkClientOrOptions(where: string, value: unknown): void {
  if (isLLM(value)) return;
  const wanted = advice(value);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isObject && wanted === undefined) return;
  throw setupMistake(
    `${where}: the first argument is neither a client nor the options of one`,
    wanted ?? 'Give an LLMClient, or the options of one such as { model: "openai/gpt-4o-mini" }.',
  );
}

/** How to mend what is often given in the place of a client. */
function advice(value: unknown): string | undefined {
  if (typeof value === "function") return "Give an instance, new LLMClient({ … }), not a class or a function.";
  if (typeof value !== "object" || value === null) return undefined;
  if ("then" in value && typeof value.then === "function") return "It is a promise: await it first.";
  if ("client" in value && isLLM(value.client)) return "It holds a client: give its `.client`.";
  if ("chat" in value && "completions" in value) {
    return "It is a client of another SDK; give an LLMClient, and see `openaiClient(llm)` of @signalbox/core/openai.";
  }
  return undefined;
}
