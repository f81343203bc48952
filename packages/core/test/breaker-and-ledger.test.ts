import { expect, test } from "vitest";
import { hookLedger } from "../src/ledger/index.js";
import { rejection } from "./rejection.js";
import { completion, json, upstream } from "./upstream.js";

test("a ledger that refuses says nothing of the model: no circuit opens", async () => {
  let isAway = true;
  const ledger = hookLedger({
    begin: () => (isAway ? Promise.reject(new Error("away")) : undefined),
    finish: () => undefined,
  });
  const { llm, requests } = await upstream((_, response) => json(response, 200, completion), {
    ledger,
    breaker: { failures: 2 },
    retry: false,
    model: "openai/gpt-4o-mini",
  });
  for (let call = 0; call < 3; call++)
    expect((await rejection(llm.generate({ prompt: "x" }))).detail).toContain("the ledger failed");
  isAway = false;
  expect((await llm.generate({ prompt: "x" })).text).toBe("hi");
  expect(requests).toHaveLength(1);
});
