/**
 * Fields of OpenRouter's chat request without an option of their own, and why. All but `stream` can be sent through
 * `extraBody`.
 */
export const EXTRA_BODY_ONLY: Readonly<Record<string, string>> = {
  stream: "generate() and stream() say it",
  stream_options: "without effect: usage always comes",
  usage: "without effect: usage always comes",
  route: "deprecated: routing.sort.partition says it",
  transforms: "superseded by the plugin context-compression",
  include_reasoning: "superseded by reasoning.exclude",
  reasoning_effort: "the same as reasoning.effort",
  response_format: "generateStructured() chooses it; other formats go through extraBody",
  structured_outputs: "generateStructured() chooses it",
  x_search_filter: "for xAI only, and superseded by the parameters of openrouter:web_search; goes through extraBody",
};
