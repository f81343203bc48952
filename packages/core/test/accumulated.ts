import { Accumulator } from "../src/generate/accumulator.js";
import type { StreamEvent } from "../src/generate/stream-event.js";
import type { ChatChunk, ChatCompletion } from "../src/messages/chat-body.js";

export const STEP = 3;
export const makeId = (position: number) => `made-${position}`;
export const delta = (fields: object, more: object = {}) => ({ choices: [{ index: 0, delta: fields, ...more }] });

/** What the chunks, as they may come from the wire, give. */
export function read(...chunks: unknown[]) {
  const accumulator = new Accumulator(STEP);
  const events: StreamEvent[] = [];
  for (const chunk of chunks) accumulator.add(chunk as ChatChunk, events);
  return { accumulator, events };
}

/** What a whole answer, as it may come from the wire, gives. */
export function answered(body: unknown): Accumulator {
  const accumulator = new Accumulator(STEP);
  accumulator.addAnswer(body as ChatCompletion);
  return accumulator;
}

export const messageOf = (...chunks: unknown[]) => read(...chunks).accumulator.finish(makeId).message;
