import type { StepContext } from "@signalbox/core";
import type { DeckInput } from "./deck-input.js";
import type { Outline } from "./outline.js";
import { askForSearch } from "./prompts.js";
import { type SearchFindings, searchSchema } from "./search.js";

/**
 * The optional step: facts for the deck, found by OpenRouter's own web search.
 *
 * Source: OpenRouter's server tool `openrouter:web_search`, which the service runs itself.
 */
export async function searchWeb({ input, llm, results }: StepContext<DeckInput>): Promise<SearchFindings> {
  const { object } = await llm.generateStructured({
    ...askForSearch(input, results.outline as Outline),
    schema: searchSchema,
    schemaName: "findings",
    tools: [{ type: "openrouter:web_search", parameters: { max_results: 5 } }],
  });
  return { ...object, enhanced: true };
}
