/** What a model is wanted for. */
export type Purpose = "daily" | "complex" | "fast";

const RECOMMENDED = {
  daily: "anthropic/claude-3-haiku:beta",
  complex: "anthropic/claude-3.5-sonnet:beta",
  fast: ["openai/gpt-4o-mini", "google/gemini-flash-1.5"],
} as const;

/** The original guide's recommendations, in its notation: one id, for "fast" several. */
export function recommendModel(purpose: "daily" | "complex"): string;
export function recommendModel(purpose: "fast"): string[];
export function recommendModel(purpose: Purpose): string | string[];
export function recommendModel(purpose: Purpose): string | string[] {
  const ids: string | readonly string[] = RECOMMENDED[purpose];
  return typeof ids === "string" ? ids : [...ids];
}
