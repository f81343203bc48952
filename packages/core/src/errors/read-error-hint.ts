import type { ErrorCode } from "./error-code.js";

type Fields = Readonly<Record<string, unknown>> | undefined;

/** What would help, where upstream's answer tells: models that are there, what shut the others out, whose limit it is. */
export function readHint(code: ErrorCode, availability: Fields, metadata: Fields): string | undefined {
  const parts: string[] = [];
  const excludedBy = words(availability?.excluded_by);
  if (excludedBy.length > 0) parts.push(`excluded by ${excludedBy.join(", ")}`);
  const models = words(availability?.fallback_models);
  if (models.length > 0) parts.push(`available for fallbackModels: ${models.join(", ")}`);
  else if (code === "rate_limit" && typeof metadata?.provider_name === "string") {
    parts.push("the limit is the provider's: fallbackModels, or a routing that allows more providers, may answer");
  }
  return parts.length > 0 ? parts.join("; ") : undefined;
}

// Ids and names of filters are short; a longer text could be anything.
function words(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.filter((word): word is string => typeof word === "string" && word.length <= 100).slice(0, 5);
}
