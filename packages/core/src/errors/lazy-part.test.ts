import { expect, test } from "vitest";
import { rejection } from "../../test/rejection.js";
import { lazyPart } from "./lazy-part.js";

test("a part is loaded once, with the first call, and is at hand afterwards", async () => {
  let loads = 0;
  const part = lazyPart(async () => ({ load: ++loads }));
  expect([loads, part.loaded]).toEqual([0, undefined]);
  const [first, second] = await Promise.all([part(), part()]);
  expect(first).toBe(second);
  expect(part.loaded).toBe(first);
  await part();
  expect(loads).toBe(1);
});

test("a file that cannot be read is told to everybody who asked, and looked for again by the next", async () => {
  const cause = Object.assign(new Error("too many open files"), { code: "EMFILE" });
  let loads = 0;
  const part = lazyPart(async () => {
    loads += 1;
    if (loads === 1) throw cause;
    return "here";
  });
  const errors = await Promise.all([rejection(part()), rejection(part())]);
  for (const error of errors) expect(error).toMatchObject({ code: "invalid_config", retryable: false, cause });
  expect([loads, part.loaded]).toEqual([1, undefined]);
  expect(await part()).toBe("here");
});
