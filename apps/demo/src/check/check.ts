import { performance } from "node:perf_hooks";
import type { StepEvent } from "@signalbox/core";
import { type Simulator, startSimulator } from "@signalbox/testing";
import { SIMULATOR, simulatorClient } from "../answerer.js";
import type { DeckFolders } from "../deck/deck-folders.js";
import type { DeckInput } from "../deck/deck-input.js";
import type { SlideProgress } from "../deck/write-slides.js";
import { createStudio } from "../studio.js";
import { seconds, usd } from "../terminal/numbers.js";
import { table } from "../terminal/table.js";
import { firstDifference } from "./compare-events.js";
import { TRANSPORTS, type Transport } from "./transports.js";

export interface CheckOptions {
  input: DeckInput;
  folders: DeckFolders;
  write: (text: string) => void;
  /** Starts what answers a transport. @default a fresh simulator, the same seed for all */
  simulate?: ((transport: Transport) => Promise<Simulator>) | undefined;
}

/** What one transport did. */
interface Outcome {
  transport: Transport;
  events: StepEvent[];
  steps: number;
  valid: number;
  tokens: number;
  usd: number;
  ms: number;
  faults: string[];
}

/** Makes the same deck through core, Express and Nest and compares what their readers saw. Gives the exit code. */
export async function runCheck({ input, folders, write, simulate = fresh }: CheckOptions): Promise<0 | 1> {
  write(`Deck Studio check: “${input.topic}”, ${input.slides} slides, simulator\n\n`);
  const outcomes: Outcome[] = [];
  for (const transport of Object.keys(TRANSPORTS) as Transport[]) {
    outcomes.push(await tryTransport(transport, input, folders, await simulate(transport)));
  }
  const rows = outcomes.map(({ transport, events, steps, valid, tokens, usd: cost, ms }) => [
    transport,
    String(events.length),
    String(steps),
    `${valid}/${input.slides}`,
    String(tokens),
    usd(cost),
    seconds(ms),
  ]);
  write(`${table(["transport", "events", "steps", "slides valid", "tokens", "cost", "time"], rows)}\n\n`);
  const faults = [
    ...outcomes.flatMap(({ transport, faults }) => faults.map((one) => `${transport}: ${one}`)),
    ...differences(outcomes),
  ];
  for (const fault of faults) write(`✗ ${fault}\n`);
  if (faults.length === 0)
    write("✓ the three event sequences are equal, every slide is valid, every cent is accounted for\n");
  return faults.length === 0 ? 0 : 1;
}

async function fresh(): Promise<Simulator> {
  return startSimulator(SIMULATOR);
}

async function tryTransport(
  transport: Transport,
  input: DeckInput,
  folders: DeckFolders,
  simulator: Simulator,
): Promise<Outcome> {
  const llm = simulatorClient(simulator);
  const began = performance.now();
  const outcome: Outcome = { transport, events: [], steps: 0, valid: 0, tokens: 0, usd: 0, ms: 0, faults: [] };
  try {
    outcome.events = await TRANSPORTS[transport](createStudio(llm, folders), input);
    outcome.ms = performance.now() - began;
    const billed = simulator.requests.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
    return judged(outcome, input, billed);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { ...outcome, ms: performance.now() - began, faults: [fault] };
  } finally {
    await llm.close();
    await simulator.close();
  }
}

function judged(outcome: Outcome, input: DeckInput, billed: number): Outcome {
  const { events } = outcome;
  const completed = events.filter(({ status }) => status === "completed");
  const slides = events
    .filter(({ step, status }) => step === "content" && status === "processing")
    .map(({ data }) => data as SlideProgress);
  const judged: Outcome = {
    ...outcome,
    steps: completed.length,
    valid: slides.filter(({ valid }) => valid).length,
    tokens: events.reduce((sum, { usage }) => sum + (usage?.totalTokens ?? 0), 0),
    usd: events.reduce((sum, { cost }) => sum + (cost?.totalUsd ?? 0), 0),
  };
  const last = events.at(-1);
  const failed = events.find(({ status }) => status === "error");
  const wanted = input.search ? 6 : 5;
  const rules: [boolean, string][] = [
    [failed === undefined, failed?.message ?? ""],
    [
      last?.step === "export" && last.final === true && last.progress === 100,
      "the run did not reach the end of export",
    ],
    [judged.steps === wanted, `${judged.steps} steps completed instead of ${wanted}`],
    [judged.valid === input.slides, `${judged.valid} of ${input.slides} slides are valid`],
    [slides.every(({ index }, place) => index === place), "the slides did not come in order"],
    [Math.abs(judged.usd - billed) < 1e-9, `the events say ${usd(judged.usd)}, the simulator billed ${usd(billed)}`],
  ];
  return { ...judged, faults: rules.filter(([holds]) => !holds).map(([, fault]) => fault) };
}

function differences([first, ...others]: readonly Outcome[]): string[] {
  return others.flatMap(({ transport, events }) => {
    const difference = firstDifference(first?.events ?? [], events);
    return difference === undefined ? [] : [`${first?.transport} and ${transport} differ: ${difference}`];
  });
}
