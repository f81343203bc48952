import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LLMClientOptions, type RunPipelineOptions, runPipeline, type StepEvent } from "@signalbox/core";
import { type Simulator, type SimulatorOptions, startSimulator } from "@signalbox/testing";
import { onTestFinished } from "vitest";
import { simulatorClient } from "../src/answerer.js";
import type { DeckProgress } from "../src/deck/deck-events.js";
import { DeckFolders } from "../src/deck/deck-folders.js";
import type { DeckInput } from "../src/deck/deck-input.js";
import { readDeckInput } from "../src/deck/read-deck-input.js";
import type { Slide } from "../src/deck/slide.js";
import type { DeckContent } from "../src/deck/write-slides.js";
import { createStudio, type Studio, type StudioOptions } from "../src/studio.js";

/** A folder that is gone when the test is over. */
export async function scratchFolders(): Promise<DeckFolders> {
  const folder = await mkdtemp(join(tmpdir(), "deck-studio-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return new DeckFolders(folder);
}

/** A studio over a simulator of its own; both end with the test. */
export async function openStudio(options: SimulatorOptions = {}): Promise<{ studio: Studio; simulator: Simulator }> {
  const simulator = await startSimulator({ seed: "test", ...options });
  onTestFinished(() => simulator.close());
  return { studio: studioOver(simulator, await scratchFolders()), simulator };
}

/** A studio of a simulator and a folder that may have had others before; it ends with the test. */
export function studioOver(
  simulator: Simulator,
  folders: DeckFolders,
  { timeouts, ...options }: StudioOptions & Pick<LLMClientOptions, "timeouts"> = {},
): Studio {
  const llm = simulatorClient(simulator, { timeouts });
  const studio = createStudio(llm, folders, options);
  onTestFinished(async () => {
    await studio.close();
    await llm.close();
  });
  return studio;
}

export function inputFor(topic: string, more: Partial<DeckInput> = {}): DeckInput {
  return readDeckInput({ topic, slides: 5, ...more });
}

/** Runs a deck through core to its end, good or bad. */
export async function makeDeck(
  { pipeline, llm, store }: Pick<Studio, "pipeline" | "llm" | "store">,
  input: DeckInput | undefined,
  options: Omit<RunPipelineOptions, "llm"> = {},
): Promise<StepEvent[]> {
  return Array.fromAsync(runPipeline(pipeline, input, { llm, store, ...options }));
}

export function eventOf(events: readonly StepEvent[], step: string, status: StepEvent["status"]): StepEvent {
  const found = events.find((event) => event.step === step && event.status === status);
  if (found === undefined)
    throw new Error(`no ${step} ${status} among ${events.map((one) => `${one.step} ${one.status}`)}`);
  return found;
}

/** What was told of one kind while the steps worked, in order. */
export function toldOf<Kind extends DeckProgress["kind"]>(
  events: readonly StepEvent[],
  kind: Kind,
): Extract<DeckProgress, { kind: Kind }>[] {
  return events
    .filter(({ status }) => status === "processing")
    .map(({ data }) => data as DeckProgress)
    .filter((data): data is Extract<DeckProgress, { kind: Kind }> => data.kind === kind);
}

export function slidesOf(events: readonly StepEvent[]): Slide[] {
  return (eventOf(events, "content", "completed").data as DeckContent).slides;
}

/** Every text in a value, wherever it stands. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
