import type { PieceReader } from "../recorded-pieces.js";
import { brokenPromises } from "../recorded-reading.js";
import type { Mutation } from "./event-mutations.js";
import { type Facet, facetsOf, mayDiffer } from "./facets.js";
import type { Original } from "./mutated-reading.js";
import type { PlainChunk } from "./plain-reading.js";

/**
 * What is wrong with the reading of a whole answer of which one bit was turned over: it is an error where the body is
 * no JSON object, or no longer has the fields that an answer consists of; otherwise only what the changed field feeds
 * may differ.
 */
export async function flippedWrongs(reader: PieceReader, original: Original, mutation: Mutation): Promise<string[]> {
  const reading = await reader.read(original.recording, [mutation.body], "whole");
  const before = parsedObject(Buffer.concat(original.blocks));
  const after = parsedObject(mutation.body);
  const found = brokenPromises(reading);
  const code = reading.error?.code;
  if (before === undefined) found.push("the recording is no object");
  else if (after === undefined) {
    if (code !== "invalid_response") found.push(`no JSON object, but ${code ?? "a result"}`);
  } else if (reading.result === undefined) {
    if (code !== "invalid_response" && code !== "empty_response") found.push(`the code ${code}`);
    if (sameNames(before, after)) found.push(`an error, although every field is there: ${code}`);
  } else {
    const was = facetsOf(original.reading);
    const is = facetsOf(reading);
    const allowed = mayDiffer(before, after);
    for (const facet of Object.keys(was) as Facet[])
      if (was[facet] !== is[facet] && !allowed.has(facet)) found.push(`${facet} was ${was[facet]}, is ${is[facet]}`);
  }
  return found.map((wrong) => `${original.recording.name}, ${mutation.what}: ${wrong}`);
}

function parsedObject(body: Buffer): PlainChunk | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as PlainChunk) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two answers, and their first choices, have the same fields, and the choices the same place. */
function sameNames(one: PlainChunk, other: PlainChunk): boolean {
  const names = (answer: PlainChunk) => {
    const [choice] = answer.choices ?? [];
    const { message } = (choice ?? {}) as { message?: object };
    const fields = [answer, choice ?? {}, message ?? {}].map((value) => Object.keys(value));
    return JSON.stringify([...fields, choice?.index]);
  };
  return names(one) === names(other);
}
