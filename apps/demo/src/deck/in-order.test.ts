import { expect, test } from "vitest";
import { inOrder } from "./in-order.js";

test("results come in the order of the items, whichever is ready first", async () => {
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const told: string[] = [];
  const running = inOrder(
    ["a", "b", "c", "d"],
    4,
    async (item, index) => {
      await gates[index]?.promise;
      return item.toUpperCase();
    },
    (result, index) => told.push(`${index}${result}`),
  );
  for (const gate of gates.toReversed()) gate.resolve();
  expect(await running).toEqual(["A", "B", "C", "D"]);
  expect(told).toEqual(["0A", "1B", "2C", "3D"]);
});

test("never more than the limit run at a time", async () => {
  let [running, most] = [0, 0];
  await inOrder(
    Array.from({ length: 20 }, (_, index) => index),
    3,
    async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    },
    () => {},
  );
  expect(most).toBe(3);
});

test("after a failure none is begun, and those under way are waited for", async () => {
  const begun: number[] = [];
  const finished: number[] = [];
  const slow = Promise.withResolvers<void>();
  const running = inOrder(
    [0, 1, 2, 3, 4],
    2,
    async (item) => {
      begun.push(item);
      if (item === 1) throw new Error("no");
      await slow.promise;
      finished.push(item);
    },
    () => {},
  );
  const failed = expect(running).rejects.toThrow("no");
  slow.resolve();
  await failed;
  expect(begun).toEqual([0, 1]);
  expect(finished).toEqual([0]);
});

test("nothing to do is nothing", async () => {
  expect(
    await inOrder(
      [],
      3,
      async () => 1,
      () => {},
    ),
  ).toEqual([]);
});
