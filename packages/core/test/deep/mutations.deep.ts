import { describe, expect, test } from "vitest";
import { PieceReader } from "../recorded-pieces.js";
import { bodyBytes, coreRecordings, coreStreams, isStream } from "../recordings.js";
import { blocksOf, flipped, moved } from "./event-mutations.js";
import { flippedWrongs } from "./flipped-answer.js";
import { mutationWrongs } from "./mutated-reading.js";

/** Of each kind and stream. */
const MOVES = 200;
const FLIPS = 400;

const reader = new PieceReader();

describe("recorded streams with one mistake", () => {
  test.each(coreStreams().map((recording) => [recording.name, recording] as const))("%s", async (name, recording) => {
    const blocks = blocksOf(bodyBytes(recording));
    const original = { recording, blocks, reading: await reader.read(recording, [Buffer.concat(blocks)]) };
    const wrongs: string[] = [];
    for (const mutation of moved(name, blocks, MOVES))
      wrongs.push(...(await mutationWrongs(reader, original, mutation)));
    for (const mutation of flipped(name, blocks, FLIPS))
      wrongs.push(...(await mutationWrongs(reader, original, mutation)));
    expect(wrongs).toEqual([]);
  });
});

describe("recorded whole answers with one bit turned over", () => {
  const answers = coreRecordings().filter((recording) => !isStream(recording) && !recording.expect.error);
  test.each(answers.map((recording) => [recording.name, recording] as const))("%s", async (name, recording) => {
    const blocks = [bodyBytes(recording)];
    const original = { recording, blocks, reading: await reader.read(recording, blocks, "whole") };
    const wrongs: string[] = [];
    for (const mutation of flipped(name, blocks, FLIPS))
      wrongs.push(...(await flippedWrongs(reader, original, mutation)));
    expect(wrongs).toEqual([]);
  });
});
