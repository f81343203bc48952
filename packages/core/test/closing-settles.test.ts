import { expect, test } from "vitest";
import { memoryLedger } from "../src/ledger/index.js";
import { BudgetLog, roomy } from "./budget-log.js";
import { recordsOf } from "./ledger-contract.js";
import { events, json, textChunk, upstream } from "./upstream.js";

async function streaming() {
  const ledger = memoryLedger();
  const { llm, clock, requests } = await upstream(
    (seen, response) =>
      seen.path.includes("/generation")
        ? json(response, 200, { data: { total_cost: 0.3 } })
        : events(response, textChunk("word")),
    { model: "openai/gpt-4o", budget: roomy, budgetStore: new BudgetLog(), ledger },
  );
  const stream = llm.stream({ prompt: "x" });
  const { result } = stream;
  result.catch(() => {});
  await stream[Symbol.asyncIterator]().next();
  return { llm, clock, requests, ledger, result };
}

test("a client that closes with a grace finds out what the calls cost that it has aborted", async () => {
  const { llm, clock, requests, ledger, result } = await streaming();
  const closing = llm.close({ graceMs: 1_000 });
  await clock.waiting(1_000);
  clock.advance(1_000);
  await expect(result).rejects.toMatchObject({ code: "aborted" });
  await clock.waiting(500);
  clock.advance(500);
  await closing;
  expect(requests.map(({ path }) => path.replace(/^.*\/v1/, ""))).toEqual([
    "/chat/completions",
    "/generation?id=gen-1",
  ]);
  expect(llm.usage.total.usd).toBe(0.3);
  expect(await recordsOf(ledger)).toMatchObject([{ outcome: "aborted", usd: 0.3, source: "generation" }]);
});

test("one that closes at once looks nothing up: what they cost stays an estimate, which the ledger has by then", async () => {
  const { llm, requests, ledger, result } = await streaming();
  await llm.close();
  const records = await recordsOf(ledger);
  await expect(result).rejects.toMatchObject({ code: "aborted" });
  expect(requests).toHaveLength(1);
  expect(llm.usage.total.usd).toBeGreaterThan(0);
  expect(records).toMatchObject([{ outcome: "aborted", usd: llm.usage.total.usd, source: "estimate" }]);
});
