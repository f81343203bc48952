import { expect, test } from "vitest";
import { WaitingLine } from "./waiting-line.js";

test("whoever leaves the head of the line lets in those behind it who have room by their own measure", async () => {
  const line = new WaitingLine();
  const leave = await line.enter(1, undefined);
  const caller = new AbortController();
  const narrow = line.enter(1, caller.signal);
  const entered: string[] = [];
  const wide = line.enter(3, undefined).then(() => entered.push("wide"));
  await Promise.resolve();
  expect(entered).toEqual([]);
  caller.abort(new Error("left"));
  await expect(narrow).rejects.toThrow("left");
  await Promise.resolve();
  expect(entered).toEqual(["wide"]);
  leave();
  await wide;
});

test("whoever leaves from the middle lets nobody overtake the head", async () => {
  const line = new WaitingLine();
  const leave = await line.enter(1, undefined);
  const entered: string[] = [];
  const head = line.enter(1, undefined).then(() => entered.push("head"));
  const caller = new AbortController();
  const middle = line.enter(1, caller.signal);
  const last = line.enter(3, undefined).then(() => entered.push("last"));
  caller.abort(new Error("left"));
  await expect(middle).rejects.toThrow("left");
  expect(entered).toEqual([]);
  leave();
  await Promise.all([head, last]);
  expect(entered).toEqual(["head", "last"]);
});

test("a line that nobody stands in says so, whether its last one left, gave up or came too late", async () => {
  let idle = 0;
  const line = new WaitingLine(() => idle++);
  const leave = await line.enter(1, undefined);
  const caller = new AbortController();
  const waiting = line.enter(1, caller.signal);
  caller.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
  expect(idle).toBe(0);
  leave();
  expect(idle).toBe(1);
  await expect(line.enter(1, caller.signal)).rejects.toThrow("left");
  expect(idle).toBe(2);
});
