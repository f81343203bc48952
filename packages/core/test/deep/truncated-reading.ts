import type { PieceReader } from "../recorded-pieces.js";
import { arrived, brokenPromises, type Reading } from "../recorded-reading.js";
import { bodyBytes, type Recording } from "../recordings.js";
import { unlikePlain } from "./compare-plain.js";
import { plainEvents, plainReading } from "./plain-reading.js";

/**
 * Ends a recorded stream after `place` bytes and tells what is wrong with the reading. It is `stream_truncated` with
 * what had come, unless the answer had already failed, or had its finish word, before that place.
 */
export async function readTruncated(
  reader: PieceReader,
  recording: Recording,
  { whole, place }: { whole: Reading; place: number },
): Promise<string[]> {
  const body = bodyBytes(recording).subarray(0, place);
  const reading = await reader.read(recording, [body]);
  const found = brokenPromises(reading);
  if (isNoEvent(body)) {
    if (reading.error === undefined) found.push("a result of nothing");
  } else found.push(...unlikePlain(reading, plainReading(plainEvents(body))));
  const calls = reading.result?.toolCalls;
  if (calls !== undefined && JSON.stringify(calls) !== JSON.stringify(arrived(whole).toolCalls))
    found.push("other calls");
  return found.map((wrong) => `${recording.name} ended at ${place}: ${wrong}`);
}

/** Too little to tell an event stream by: not even a whole comment mark or field name. */
const isNoEvent = (body: Buffer) => /^\s*(?:d?a?t?a?|)$/.test(body.toString());
