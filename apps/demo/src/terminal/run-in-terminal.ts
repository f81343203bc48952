import { runPipeline, type StepFailure } from "@signalbox/core";
import type { DeckInput } from "../deck/deck-input.js";
import type { Studio } from "../studio.js";
import { DeckPrinter } from "./deck-printer.js";

/** Makes a deck through core alone, in this process. Gives the exit code. */
export async function runInTerminal(
  { pipeline, llm, store, folders }: Studio,
  input: DeckInput,
  write: (text: string) => void,
  signal?: AbortSignal,
): Promise<0 | 1> {
  const printer = new DeckPrinter(write);
  const run = runPipeline(pipeline, input, { llm, store, signal });
  let failed = true;
  for await (const event of run) {
    printer.take(event);
    if (event.final) failed = event.status === "error" && !(event.data as StepFailure).optional;
  }
  printer.end();
  if (!failed)
    write(`\n${["deck.html", "deck.md", "deck.json"].map((name) => folders.path(run.runId, name)).join("\n")}\n`);
  return failed ? 1 : 0;
}
