import { type RequestLogEntry, startSimulator } from "@signalbox/testing";
import { expect, onTestFinished } from "vitest";
import { LLMClient } from "../src/index.js";
import { decimalText } from "../src/ledger/decimal-text.js";
import { type Ledger, type LedgerRecord, settleOrphans } from "../src/ledger/index.js";
import { toMoney } from "../src/usage/money.js";
import { recordsOf } from "./ledger-contract.js";
import { signalbox } from "./run-signalbox.js";
import { seededPlaces } from "./seeded-random.js";
import { sourceProcess } from "./source-process.js";

export interface LedgerLoad {
  kind: "jsonl" | "sqlite" | "postgres";
  /** The file or the address that the processes open. */
  place: string;
  /** The same ledger, here. */
  ledger: Ledger;
  /** How many requests are made. */
  calls: number;
}

const AT_ONCE = 16;
const PROCESSES = 2;
const KILLS = 2;
const PROGRAM = new URL("ledger-load-program.ts", import.meta.url);

/**
 * Two processes send requests as fast as they can; at two seeded requests one of them is killed, and another goes on in
 * its place. Compares the ledger with what the model service itself has written down, and gives the figures in words.
 */
export async function loadLedger({ kind, place, ledger, calls }: LedgerLoad): Promise<string> {
  const openrouter = await startSimulator({ seed: 6, tokensPerSecond: 400 });
  onTestFinished(() => openrouter.close());
  const { baseURL, requests } = openrouter;
  const began = performance.now();
  const asked = () => requests.filter(isAsked);
  const start = (share: number) => ({
    share,
    process: sourceProcess(PROGRAM, [kind, place, baseURL, String(share), String(AT_ONCE)]),
  });
  const running = Array.from({ length: PROCESSES }, () => start(calls / PROCESSES));

  const leftOf = ({ share, process: { pid } }: ReturnType<typeof start>) =>
    share - asked().filter(({ json }) => String(json.user).startsWith(`${pid}-`)).length;
  const kills = seededPlaces(`ledger ${kind}`, KILLS, Math.floor(calls / 10), Math.floor(calls * 0.9));
  for (const [index, at] of kills.entries()) {
    await openrouter.waitFor((entry) => entry.at >= at && isAsked(entry) && entry.state === "open");
    // Who has most left to do: it is not at its end before it dies.
    running.sort((a, b) => leftOf(b) - leftOf(a));
    const victim = running.shift();
    if (victim === undefined) throw new Error("none is running");
    const { kill, say, exited } = victim.process;
    // The first dies at any moment, the last one where there is a generation to be looked up.
    if (index < kills.length - 1) kill("SIGKILL");
    else say("die");
    expect(await exited).toEqual([null, "SIGKILL"]);
    // Another does what it had left to do.
    running.push(start(leftOf(victim)));
  }
  for (const { process } of running) {
    expect(await process.line()).toBe("done");
    expect(await process.exited).toEqual([0, null]);
  }
  const seconds = (performance.now() - began) / 1000;

  const llm = new LLMClient({ provider: "openrouter", apiKey: "sk-or-v1-load", baseURL, env: false });
  onTestFinished(() => llm.close());
  const recover = () => settleOrphans({ ledger, lookUp: (id) => llm.account.generation(id) });
  await Promise.all([recover(), recover()]);
  expect(await ledger.orphans?.()).toEqual([]);

  const records = await recordsOf(ledger);
  const total = compare(records, asked());
  const spent = await signalbox(["spend", "--ledger", place, "--json"]);
  expect((JSON.parse(spent.stdout) as { total: unknown }).total).toMatchObject({ calls: records.length, usd: total });
  const unknown = records.filter(({ outcome }) => outcome === "unknown").length;
  // Streams of which the ledger knew the generation.
  const found = records.filter(({ source }) => source === "generation").length;
  expect(found).toBeGreaterThan(0);
  return `${kind}: ${records.length} records of ${asked().length} requests, $${total}, ${found} looked up, ${unknown} unknown, ${seconds.toFixed(1)} s`;
}

const isAsked = ({ path }: RequestLogEntry) => path === "/chat/completions";

/** None lost, none doubled, each with the amount that was billed, or the most that it can have been. The exact total. */
function compare(records: readonly LedgerRecord[], entries: readonly RequestLogEntry[]): string {
  const billed = new Map(entries.map((entry) => [String(entry.json.user), entry]));
  expect(billed.size).toBe(entries.length);
  const users = records.map(({ user }) => String(user));
  const known = new Set(users);
  expect(known.size).toBe(records.length);
  expect(entries.filter(({ json }) => !known.has(String(json.user))).map(({ id }) => id)).toEqual([]);
  let told = 0n;
  let bill = 0n;
  let most = 0n;
  const wrong: unknown[] = [];
  for (const record of records) {
    const { outcome, usd = 0, user, source } = record;
    const entry = billed.get(String(user));
    const amount = toMoney(usd) ?? 0n;
    if (outcome === "unknown") {
      most += amount;
      // One that was never sent is in nobody's log.
      if (source !== "worst_case" || usd < (entry?.cost ?? 0)) wrong.push(record);
      continue;
    }
    told += amount;
    bill += toMoney(entry?.cost ?? 0) ?? 0n;
    if (usd !== entry?.cost || record.generationId !== entry.generationId) wrong.push({ record, cost: entry?.cost });
  }
  expect(wrong).toEqual([]);
  expect(decimalText(told)).toBe(decimalText(bill));
  const unknown = records.filter(({ outcome }) => outcome === "unknown").length;
  // Only what was under way when its process was killed.
  expect(unknown).toBeLessThanOrEqual(KILLS * AT_ONCE);
  return decimalText(told + most);
}
