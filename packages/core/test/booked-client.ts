import { type Simulator, startSimulator } from "@signalbox/testing";
import { expect, onTestFinished } from "vitest";
import { LLMClient, type LLMClientOptions } from "../src/index.js";
import { type LedgerRecord, memoryLedger } from "../src/ledger/index.js";
import { recordsOf } from "./ledger-contract.js";

export const MODEL = "openai/gpt-4o-mini";
export const KEY = "sk-or-v1-simulated-key";

/** A client with a ledger in memory; `records` waits until what goes on in the background is done. */
export async function booked(options: LLMClientOptions = {}) {
  const openrouter: Simulator = await startSimulator({ seed: 1 });
  const ledger = memoryLedger();
  const retry = { maxRetries: 1, baseDelayMs: 0, maxDelayMs: 0 };
  const { baseURL } = openrouter;
  const llm = new LLMClient({ apiKey: KEY, baseURL, env: false, model: MODEL, retry, ledger, ...options });
  onTestFinished(async () => {
    await llm.close();
    await openrouter.close();
  });
  const records = async () => {
    await llm.settled();
    return recordsOf(ledger);
  };
  const one = async () => {
    const found = await records();
    expect(found).toHaveLength(1);
    return found[0] as LedgerRecord;
  };
  return { llm, openrouter, ledger, records, one };
}
