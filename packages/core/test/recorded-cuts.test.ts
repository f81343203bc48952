import { describe, expect, test } from "vitest";
import { cutAfter } from "./cut-bytes.js";
import { PieceReader, printed } from "./recorded-pieces.js";
import { bodyBytes, coreStreams, haveRecordings } from "./recordings.js";
import { seededPlaces } from "./seeded-random.js";

const streams = coreStreams().map((recording) => [recording.name, recording] as const);
const reader = new PieceReader();

describe.skipIf(!haveRecordings)("recorded streams, cut", () => {
  test.each(streams)("F01 20 cuts of %s give the same answer", async (name, recording) => {
    const body = bodyBytes(recording);
    const whole = printed(await reader.read(recording, [body]));
    expect(printed(await reader.read(recording, cutAfter(body, recording.response.chunkSizes ?? [])))).toBe(whole);
    for (const place of seededPlaces(name, 20, 1, body.length)) {
      expect(printed(await reader.read(recording, cutAfter(body, [place]))), `cut at ${place}`).toBe(whole);
    }
  });
});
