import { matchesModel, type Policy, resolveModel } from "@signalbox/core";
import { setupMistake } from "../option-checks.js";

/** Which models callers may ask for and see. */
export interface ModelBound {
  /** What holds every request to it, on the body that goes out. */
  readonly policy: Policy | undefined;
  /** Whole ids among the patterns: they are listed even where upstream does not. */
  readonly ids: readonly string[];
  admits(id: string): boolean;
}

/**
 * Reads the `models` option: ids, which also stand for their variants, or patterns with `*`.
 *
 * @throws ConfigurationError `invalid_config` for anything else
 */
export function readModelBound(models: unknown): ModelBound {
  if (models === undefined) return { policy: undefined, ids: [], admits: () => true };
  if (!Array.isArray(models) || models.length === 0 || !models.every((id) => typeof id === "string" && id !== "")) {
    throw setupMistake(
      "openAICompatible: `models` is no list of model ids",
      'Give ids or patterns such as ["openai/gpt-4o-mini", "anthropic/*"], or leave it out to bound nothing.',
    );
  }
  const patterns = models as string[];
  const ids = patterns.filter((pattern) => !pattern.includes("*"));
  // The policy sees the ids that are sent; the original notation is not among them.
  const sent = ids.filter((id) => id.includes("/")).map((id) => resolveModel(id).sent);
  return {
    policy: { allowModels: [...new Set([...patterns, ...sent])] },
    ids,
    admits: (id) => patterns.some((pattern) => matchesModel(pattern, id)),
  };
}
