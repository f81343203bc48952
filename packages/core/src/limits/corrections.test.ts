import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import type { LimitAnswer, LimitStore } from "./limit-store.js";
import { Limiter } from "./limiter.js";

test("room that is given back while the store's refusal is on its way is asked for at once", async () => {
  const refusing = Promise.withResolvers<LimitAnswer>();
  const answers: Promise<LimitAnswer>[] = [
    Promise.resolve({ ok: true, receipt: "first" }),
    refusing.promise,
    Promise.resolve({ ok: true, receipt: "second" }),
  ];
  const told: unknown[] = [];
  const store: LimitStore = {
    take: () => answers.shift() ?? Promise.reject(new Error("asked too often")),
    correct: async (receipt) => void told.push(receipt),
  };
  const limiter = new Limiter({ store, clock: new ManualClock() });
  const enter = async () =>
    limiter.enter({
      limits: { tokensPerMinute: 100 },
      key: "k",
      model: "acme/m",
      providerName: "openrouter",
      atMost: () => ({ tokens: 100 }),
    });
  const leave = await enter();
  const second = enter();
  await Promise.resolve();
  leave({ tokens: 1 });
  await expect.poll(() => told).toEqual(["first"]);
  refusing.resolve({ ok: false, counter: "tokens:k", retryAfterMs: 60_000 });
  expect(await second).toBeTypeOf("function");
  expect(answers).toEqual([]);
});
