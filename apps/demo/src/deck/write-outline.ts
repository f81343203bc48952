import type { StepContext } from "@signalbox/core";
import type { DeckInput } from "./deck-input.js";
import { DECK_MESSAGES } from "./messages.js";
import { type Outline, outlineSchema, toOutline } from "./outline.js";
import { OutlineGrowth } from "./outline-growth.js";
import { askForOutline } from "./prompts.js";

/** The first step: the outline, told while it is written. */
export async function writeOutline({ input, llm, progress }: StepContext<DeckInput>): Promise<Outline> {
  const stream = llm.streamStructured({
    ...askForOutline(input),
    schema: outlineSchema(input),
    schemaName: "outline",
    // Reads of the network differ from run to run, deltas do not: the same answer gives the same events.
    partials: "per-delta",
  });
  const growth = new OutlineGrowth(input.slides);
  for await (const draft of stream) {
    for (const data of growth.take(draft)) {
      const message = DECK_MESSAGES[input.language].outlineGrows(data.index + 1, input.slides);
      progress({ data, message, fraction: (data.index + 1) / (input.slides + 1) });
    }
  }
  return toOutline((await stream.result).object);
}
