import { expect, test } from "vitest";
import { rejection } from "../../test/rejection.js";
import { createError } from "../errors/error-classes.js";
import type { StreamEvent } from "../generate/stream-event.js";
import { LateReader } from "./late-reader.js";

/** Batches that count how they are read, and a reader of them that numbers what it gives. */
function reading() {
  const calls: string[] = [];
  const batches: AsyncIterator<StreamEvent[], undefined> = {
    next: async () => {
      calls.push("next");
      return { value: undefined, done: true };
    },
    return: async () => {
      calls.push("return");
      return { value: undefined, done: true };
    },
  };
  let given = 0;
  const reader: AsyncIterator<number> = {
    next: async () => ({ value: ++given, done: false }),
    return: async () => {
      calls.push("reader left");
      return { value: undefined, done: true };
    },
  };
  return { calls, batches, reader };
}

test("reads that overlap while the reader is loaded are answered in order, by one reader", async () => {
  const { calls, batches, reader } = reading();
  let opened = 0;
  const late = new LateReader<number>(batches, async () => {
    opened += 1;
    return reader;
  });
  const values = await Promise.all([late.next(), late.next(), late.next()]);
  expect(values.map(({ value }) => value)).toEqual([1, 2, 3]);
  expect((await late.next()).value).toBe(4);
  expect(await late.return()).toEqual({ value: undefined, done: true });
  expect([opened, calls]).toEqual([1, ["reader left"]]);
});

test("who leaves before anything was read leaves the stream itself", async () => {
  const { calls, batches, reader } = reading();
  const late = new LateReader<number>(batches, async () => reader);
  expect(await late.return()).toEqual({ value: undefined, done: true });
  expect(calls).toEqual(["return"]);
});

test("a reader that cannot be loaded has the stream read, so that its result fails, too", async () => {
  const { calls, batches } = reading();
  const failure = createError("invalid_config", "a part is missing");
  const late = new LateReader<number>(batches, () => Promise.reject(failure));
  expect(await rejection(late.next())).toBe(failure);
  expect(calls).toEqual(["next"]);
});
