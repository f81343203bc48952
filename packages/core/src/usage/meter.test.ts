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

  test("whatever order they came in, the dearest stand first, and of equals the busier", () => {
    const meter = createMeter();
    const costs = { "a/small": [0.1], "a/once": [0.2], "a/large": [0.5], "a/twice": [0.1, 0.1], "a/middle": [0.3] };
    for (const [model, sums] of Object.entries(costs))
      for (const cost of sums) meter.record({ model, cost: readCost({ cost }) });
    expect(meter.byModel().map(({ model }) => model)).toEqual(["a/large", "a/middle", "a/twice", "a/once", "a/small"]);
  });

  test("what an own provider key pays is in the total", () => {
    const meter = createMeter();
    const cost = readCost({ cost: 0.1, is_byok: true, cost_details: { upstream_inference_cost: 0.2 } });
    meter.record({ model: "a/b", user: "ann", metadata: { app: "x" }, cost });
    const sums = { usd: 0.1, totalUsd: 0.3 };
    expect([meter.total, ...meter.byModel(), ...meter.byUser(), ...meter.byTag("app")]).toMatchObject([
      sums,
      sums,
      sums,
      sums,
    ]);
    meter.record({ model: "a/b", cost: cost && { ...cost, totalUsd: Number.NaN } });
    expect(meter.total).toMatchObject({ usd: 0.2, totalUsd: 0.3 });
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

  test("rows by tag: one a value of a key, the key's own calls only", () => {
    const meter = createMeter();
    const record = (metadata: Record<string, string>, cost: number) =>
      meter.record({ model: "a/b", metadata, usage: usage(1, 1), cost: readCost({ cost }) });
    record({ feature: "deck", tenant: "t1" }, 0.1);
    record({ feature: "chat" }, 0.5);
    record({ feature: "deck" }, 0.2);
    record({ tenant: "t1" }, 1);
    meter.record({ model: "a/b" });
    expect(meter.byTag("feature").map(({ tag, requests, usd }) => [tag, requests, usd])).toEqual([
      ["chat", 1, 0.5],
      ["deck", 2, 0.3],
    ]);
    expect(meter.byTag("feature", { limit: 1 })).toMatchObject([{ tag: "chat", totalTokens: 2 }]);
    expect(meter.byTag("tenant")).toMatchObject([{ tag: "t1", requests: 2, usd: 1.1 }]);
    expect([meter.byTag("feat"), meter.byTag("ure"), meter.byTag("")]).toEqual([[], [], []]);
    meter.reset();
    expect(meter.byTag("feature")).toEqual([]);
  });

  test("no key and value are taken for another pair, whatever they hold", () => {
    const meter = createMeter();
    meter.record({ model: "a/b", metadata: { "a=b": "c", __proto__: "x" } });
    meter.record({ model: "a/b", metadata: { a: "b=c" } });
    expect(meter.byTag("a=b").map(({ tag, requests }) => [tag, requests])).toEqual([["c", 1]]);
    expect(meter.byTag("a").map(({ tag, requests }) => [tag, requests])).toEqual([["b=c", 1]]);
  });

  test("only the latest 10,000 tags are kept", () => {
    const meter = createMeter();
    for (let run = 0; run < 10_001; run++) meter.record({ model: "a/b", metadata: { run: `${run}`, app: "demo" } });
    expect(meter.byTag("run")).toHaveLength(9_999);
    expect(meter.byTag("app")).toMatchObject([{ tag: "demo", requests: 10_001 }]);
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
