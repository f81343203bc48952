import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { untilShutdown } from "./until-shutdown.js";

test("passes events on, and ends with the reason as soon as the server goes", async () => {
  const end = new AbortController();
  const gone = new Error("the server is shutting down");
  const source = async function* () {
    yield 1;
    yield 2;
    await new Promise(() => {});
  };
  const events = untilShutdown(source(), end.signal);
  expect([(await events.next()).value, (await events.next()).value]).toEqual([1, 2]);
  const third = events.next();
  end.abort(gone);
  await expect(third).rejects.toBe(gone);
  await expect(untilShutdown(source(), end.signal).next()).rejects.toBe(gone);
});

test("keeps nothing of what it has passed on", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const told: WeakRef<object>[] = [];
  const source = async function* () {
    for (let number = 0; number < 50; number++) {
      const event = { number };
      told.push(new WeakRef(event));
      yield event;
    }
    await new Promise(() => {});
  };
  const events = untilShutdown(source(), new AbortController().signal);
  for (let number = 0; number < 50; number++) await events.next();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(told.filter((each) => each.deref() !== undefined).length).toBeLessThan(5);
  void events.next();
});
