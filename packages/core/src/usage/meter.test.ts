import { describe, expect, test } from "vitest";
import { createMeter } from "./meter.js";
import { readCost } from "./read-cost.js";
import { readUsage } from "./read-usage.js";

const usage = (prompt: number, completion: number) =>
  readUsage({ prompt_tokens: prompt, completion_tokens: completion });

describe("the usage meter", () => {
  test("S43 the totals are the exact sum of what was told", () => {
    const meter = createMeter();
    for (let call = 0; call < 10_000; call++)
      meter.record({ model: "a/b", usage: usage(2, 1), cost: readCost({ cost: 0.0000029 }) });
    expect(meter.total).toEqual({
      requests: 10_000,
      promptTokens: 20_000,
      completionTokens: 10_000,
      totalTokens: 30_000,
      cachedTokens: 0,
      reasoningTokens: 0,
      usd: 0.029,
      totalUsd: 0.029,
    });
  });

  test("rows stand dearest first, models and users apart", () => {
    const meter = createMeter();
    meter.record({ model: "a/cheap", user: "ann", cost: readCost({ cost: 0.1 }) });
    meter.record({ model: "a/dear", user: "bob", cost: readCost({ cost: 0.5 }) });
    meter.record({ model: "a/cheap", user: "ann", cost: readCost({ cost: 0.2 }) });
    meter.record({ model: "a/free" });
    expect(meter.byModel().map(({ model, requests, totalUsd }) => [model, requests, totalUsd])).toEqual([
      ["a/dear", 1, 0.5],
      ["a/cheap", 2, 0.3],
      ["a/free", 1, 0],
    ]);
    expect(meter.byUser().map(({ user, usd }) => [user, usd])).toEqual([
      ["bob", 0.5],
      ["ann", 0.3],
    ]);
    expect(meter.byUser({ limit: 1 }).map(({ user }) => user)).toEqual(["bob"]);
  });

  test("only the latest 10,000 users are kept", () => {
    const meter = createMeter();
    for (let user = 0; user < 10_000; user++) meter.record({ model: "a/b", user: `u${user}` });
    meter.record({ model: "a/b", user: "u0" });
    meter.record({ model: "a/b", user: "late" });
    const users = new Set(meter.byUser().map(({ user }) => user));
    expect(users.size).toBe(10_000);
    expect([users.has("u0"), users.has("u1"), users.has("late")]).toEqual([true, false, true]);
    expect(meter.total.requests).toBe(10_002);
  });

  test("reset returns what was counted; answers are copies", () => {
    const meter = createMeter();
    meter.record({ model: "a/b", cost: readCost({ cost: 1 }) });
    const before = meter.total;
    meter.record({ model: "a/b", cost: readCost({ cost: 1 }) });
    expect(before.requests).toBe(1);
    expect(meter.reset()).toMatchObject({ requests: 2, usd: 2 });
    expect(meter.total).toMatchObject({ requests: 0, usd: 0 });
    expect([meter.byModel(), meter.byUser()]).toEqual([[], []]);
  });
});
