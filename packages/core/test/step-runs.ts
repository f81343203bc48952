import { LLMClient } from "../src/client/llm-client.js";
import type { StepEvent } from "../src/steps/step-types.js";
import { type ScriptedReplySource, scriptedProvider } from "../src/testing/scripted-provider.js";

/** A client whose model answers from a script, and the provider that counts what it was asked. */
export function scriptedModel(...replies: ScriptedReplySource[]) {
  const provider = scriptedProvider(replies);
  return { provider, llm: new LLMClient({ provider, env: false }) };
}

/** Every event of a run. */
export async function collect(events: AsyncIterable<StepEvent>): Promise<StepEvent[]> {
  const all: StepEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Step, status and progress of each event. */
export const brief = (events: readonly StepEvent[]): string[] =>
  events.map(({ step, status, progress }) => `${step} ${status} ${progress}`);

/** Asks a store, one turn of the event loop after another, until it answers what is waited for. */
export async function untilKept(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
