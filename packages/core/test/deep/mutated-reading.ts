import type { PieceReader } from "../recorded-pieces.js";
import { brokenPromises, type Reading } from "../recorded-reading.js";
import type { Recording } from "../recordings.js";
import { unlikePlain } from "./compare-plain.js";
import type { Mutation } from "./event-mutations.js";
import { type Facet, facetsOf, fedBy, mayDiffer } from "./facets.js";
import { plainEvents, plainReading } from "./plain-reading.js";

/** A stream as it was recorded, and its reading. */
export interface Original {
  recording: Recording;
  blocks: readonly Buffer[];
  reading: Reading;
}

/**
 * What is wrong with the reading of a mutated stream.
 *
 * 1. It ends, in exactly one of result and error, and every call is a whole object or marked invalid.
 * 2. Text, reasoning, finish words and usage are those of the events that are left, read one by one up to the first
 *    that cannot be read; it is an error exactly where those are, with the code of that error.
 * 3. As long as it is no error, whatever the touched blocks have no say in is what it was; and where a flip changed
 *    one string of one event, only what that string feeds may differ.
 */
export async function mutationWrongs(reader: PieceReader, original: Original, mutation: Mutation): Promise<string[]> {
  const reading = await reader.read(original.recording, [mutation.body]);
  const found = [...brokenPromises(reading), ...unlikePlain(reading, plainReading(plainEvents(mutation.body)))];
  if (reading.result !== undefined && original.reading.result !== undefined) {
    const before = facetsOf(original.reading);
    const after = facetsOf(reading);
    const allowed = touchedFacets(original, mutation);
    for (const facet of Object.keys(before) as Facet[]) {
      if (before[facet] !== after[facet] && !allowed.has(facet))
        found.push(`${facet} was ${before[facet]}, is ${after[facet]}`);
    }
  }
  return found.map((wrong) => `${original.recording.name}, ${mutation.what}: ${wrong}`);
}

function touchedFacets({ blocks }: Original, { body, touched, what }: Mutation): Set<Facet> {
  const before = touched.flatMap((place) => plainEvents(blocks[place] ?? Buffer.alloc(0)));
  const chunks = before.filter((event) => typeof event === "object");
  const isDone = before.includes("done");
  if (what.endsWith("flipped") && chunks.length === 1 && !isDone) {
    const originals = plainEvents(Buffer.concat(blocks));
    const now = plainEvents(body);
    const changed =
      now.length === originals.length ? now.find((event, place) => !alike(event, originals[place])) : null;
    if (changed === undefined) return new Set();
    const [chunk] = chunks;
    if (chunk !== undefined && typeof changed === "object" && changed !== null) return mayDiffer(chunk, changed);
  }
  return new Set(chunks.flatMap((chunk) => [...fedBy(chunk)]));
}

const alike = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
