import { expect, test } from "vitest";
import { HandSource } from "../../test/byte-sinks.js";
import { rejection } from "../../test/rejection.js";
import { createError } from "../errors/error-classes.js";
import { readBody } from "./read-body.js";

test("joins pieces that cut a character", async () => {
  const source = new HandSource();
  const reading = readBody(source);
  const bytes = Buffer.from("é🌍");
  for (const byte of bytes) source.sink?.onBytes(Uint8Array.of(byte));
  source.sink?.onEnd();
  expect(await reading).toBe("é🌍");
});

test("F16 an answer beyond the bound is refused and its connection closed", async () => {
  const source = new HandSource();
  const failing = rejection(readBody(source, 10));
  source.feed("0123456789");
  expect(source.destroyed).toBe(false);
  source.feed("x");
  const error = await failing;
  expect([error.code, source.destroyed]).toEqual(["invalid_response", true]);
  expect(error.detail).toContain("too large");
});

test("with cut, an answer beyond the bound is given as far as it goes", async () => {
  const source = new HandSource();
  const reading = readBody(source, 4, true);
  source.feed("0123456789");
  expect([await reading, source.destroyed]).toEqual(["0123", true]);
});

test("with cut, a broken connection gives what had come, an abort does not", async () => {
  const broken = new HandSource();
  const reading = readBody(broken, 100, true);
  broken.feed("part");
  broken.sink?.onError(createError("stream_truncated", "cut"));
  expect(await reading).toBe("part");
  const source = new HandSource();
  const failing = rejection(readBody(source, 100, true));
  source.sink?.onError(createError("aborted", "aborted"));
  expect((await failing).code).toBe("aborted");
});
