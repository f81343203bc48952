import { describe, expect, test } from "vitest";
import { cutAfter, cutInto } from "../cut-bytes.js";
import { PieceReader, printed } from "../recorded-pieces.js";
import { bodyBytes, coreStreams } from "../recordings.js";
import { seededPlaces } from "../seeded-random.js";
import { readTruncated } from "./truncated-reading.js";

/** A body up to this size is cut at every byte, a longer one at so many places. */
const SMALL_BYTES = 20 * 1024;
const PLACES = 200;

const streams = coreStreams().map((recording) => [recording.name, recording] as const);
const reader = new PieceReader();

describe("recorded streams, cut everywhere", () => {
  test.each(streams)("F01 every cut of %s gives the same answer", async (name, recording) => {
    const body = bodyBytes(recording);
    const whole = printed(await reader.read(recording, [body]));
    const isSmall = body.length <= SMALL_BYTES;
    const different: number[] = [];
    for (const place of seededPlaces(name, isSmall ? body.length : PLACES, 1, body.length)) {
      if (printed(await reader.read(recording, cutAfter(body, [place]))) !== whole) different.push(place);
    }
    expect(different).toEqual([]);
    if (isSmall) expect(printed(await reader.read(recording, cutInto(body, 1)))).toBe(whole);
    expect(printed(await reader.read(recording, cutInto(body, 1021)))).toBe(whole);
  });

  test.each(streams)("F14 %s, ended anywhere, is an error or was complete", async (name, recording) => {
    const whole = await reader.read(recording, [bodyBytes(recording)]);
    const wrongs: string[] = [];
    for (const place of seededPlaces(`${name} ended`, PLACES, 1, bodyBytes(recording).length))
      wrongs.push(...(await readTruncated(reader, recording, { whole, place })));
    expect(wrongs).toEqual([]);
  });
});
