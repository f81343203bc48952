import fc from "fast-check";
import { expect, test } from "vitest";
import type { StreamEvent } from "../generate/stream-event.js";
import { mergeDeltas } from "./merge-deltas.js";

const step = fc.integer({ min: 0, max: 1 });
const delta: fc.Arbitrary<StreamEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom("text-delta", "reasoning-delta", "refusal-delta"), step, text: fc.string() }),
  fc.record(
    {
      type: fc.constant("tool-call-delta" as const),
      step,
      index: fc.integer({ min: 0, max: 1 }),
      id: fc.constantFrom("a", "b"),
      name: fc.constantFrom("x", "y"),
      argumentsDelta: fc.string(),
    },
    { requiredKeys: ["type", "step", "index", "argumentsDelta"] },
  ),
  fc.record({ type: fc.constant("step-start" as const), step }),
) as fc.Arbitrary<StreamEvent>;

/** What is left of the events once each has been added to the one before, where that goes. */
function merged(events: readonly StreamEvent[]): StreamEvent[] {
  const all: StreamEvent[] = [];
  for (const event of events) {
    const last = all.at(-1);
    const one = last && mergeDeltas(last, event);
    if (one === undefined) all.push(event);
    else all[all.length - 1] = one;
  }
  return all;
}

/** Character by character what is said where, names and all: the same for two streams that say the same. */
function said(events: readonly StreamEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === "tool-call-delta") {
      const place = `call ${event.step} ${event.index}`;
      const named = event.id !== undefined || event.name !== undefined ? [`${place} is ${event.id} ${event.name}`] : [];
      return [...named, ...[...event.argumentsDelta].map((character) => `${place} ${character}`)];
    }
    if ("text" in event) return [...event.text].map((character) => `${event.type} ${event.step} ${character}`);
    return [JSON.stringify(event)];
  });
}

test("events that became fewer say the same, in the same order, and nothing is changed in place", () => {
  fc.assert(
    fc.property(fc.array(delta, { maxLength: 30 }), (events) => {
      const before = structuredClone(events);
      const fewer = merged(events);
      expect(said(fewer)).toEqual(said(before));
      expect(events).toEqual(before);
      expect(merged(fewer)).toEqual(fewer);
    }),
  );
});

test("pieces of one text become one", () => {
  const pieces = ["a", "b", "c"].map((text) => ({ type: "text-delta", step: 0, text }) as const);
  expect(merged(pieces)).toEqual([{ type: "text-delta", step: 0, text: "abc" }]);
});
