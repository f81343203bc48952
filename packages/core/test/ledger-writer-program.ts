// Run by ledger-files.test.ts: writes records as fast as it can, once it is told to.
import { once } from "node:events";
import { jsonlLedger, sqliteLedger, thisProcess } from "../src/ledger/index.js";

const [kind = "", path = "", count = ""] = process.argv.slice(2);
const ledger = kind === "jsonl" ? jsonlLedger(path) : sqliteLedger(path);
console.log("ready");
await once(process.stdin, "data");
process.stdin.destroy();

async function request(at: number): Promise<void> {
  const intent = {
    id: `${process.pid}-${at}`,
    startedAt: at,
    process: thisProcess(),
    operation: "chat",
    provider: "openrouter",
    model: "openai/gpt-4o-mini",
    key: "0",
    // Lines of many lengths, some of several pages.
    metadata: { text: "x".repeat((at % 20) * 1_000) },
  } as const;
  await ledger.begin(intent);
  await ledger.finish({ ...intent, outcome: "answered", endedAt: at, latencyMs: 1, attempts: 1, usd: 0.1 });
}

await Promise.all(Array.from({ length: Number(count) }, (_, at) => request(at)));
await ledger.close();
