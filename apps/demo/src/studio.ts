import { type LLMClient, memoryRunStore, type Pipeline, type RunStore } from "@signalbox/core";
import { DeckFolders } from "./deck/deck-folders.js";
import type { DeckInput } from "./deck/deck-input.js";
import { deckPipeline } from "./deck/deck-pipeline.js";

/** What every way of running a deck shares. A run that began on one transport can go on over another. */
export interface Studio {
  readonly llm: LLMClient;
  readonly folders: DeckFolders;
  readonly pipeline: Pipeline<DeckInput>;
  readonly store: RunStore;
}

export function createStudio(llm: LLMClient, folders: DeckFolders = new DeckFolders()): Studio {
  return { llm, folders, pipeline: deckPipeline(folders), store: memoryRunStore({ maxRuns: 100 }) };
}
