import { expect, test } from "vitest";
import { rejection } from "../../test/rejection.js";
import { createError } from "./error-classes.js";
import { lazyPart, partsComing } from "./lazy-part.js";

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

test("whoever waits for the parts that are coming goes on when all who asked for one have gone on", async () => {
  expect(partsComing()).toBeUndefined();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const told: string[] = [];
  const [one, other] = [lazyPart(() => first.promise), lazyPart(() => second.promise)];
  const asking = one().then(async () => {
    told.push("first");
    await other();
    told.push("second");
  });
  const waiting = partsComing()?.then(() => told.push("all here"));
  first.resolve();
  await one();
  second.resolve();
  await Promise.all([asking, waiting]);
  expect(told).toEqual(["first", "second", "all here"]);
  expect(partsComing()).toBeUndefined();
});

test("a part that cannot be loaded is not waited for after that", async () => {
  const part = lazyPart(() => Promise.reject(new Error("gone")));
  const asking = rejection(part());
  await partsComing();
  expect((await asking).code).toBe("invalid_config");
  expect(partsComing()).toBeUndefined();
});

test("what a part says it misses is told as it is, and asked for again", async () => {
  const missing = createError("invalid_config", "it needs a package", { hint: "npm install it" });
  let asked = 0;
  const part = lazyPart(async () => {
    asked++;
    throw missing;
  });
  await expect(part()).rejects.toBe(missing);
  await expect(part()).rejects.toBe(missing);
  expect(asked).toBe(2);
});
