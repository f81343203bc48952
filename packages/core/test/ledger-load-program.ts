// Run by ledger-load.ts: sends requests through a client with a ledger until it has sent enough, or is killed.
import { Pool } from "pg";
import { LLMClient } from "../src/index.js";
import { jsonlLedger, type Ledger, postgresLedger, sqliteLedger } from "../src/ledger/index.js";

const [kind = "", place = "", baseURL = "", calls = "", atOnce = ""] = process.argv.slice(2);

const ledgers: Record<string, () => { ledger: Ledger; end?: () => Promise<void> }> = {
  jsonl: () => ({ ledger: jsonlLedger(place) }),
  sqlite: () => ({ ledger: sqliteLedger(place) }),
  postgres() {
    const pool = new Pool({ connectionString: place, max: 2 });
    return { ledger: postgresLedger(pool), end: () => pool.end() };
  },
};
const opened = ledgers[kind]?.();
if (opened === undefined) throw new Error(`there is no ledger "${kind}"`);
const { ledger: kept, end } = opened;

let isToDie = false;
process.stdin.once("data", () => {
  isToDie = true;
});
// A process that has done its work may end.
process.stdin.unref();

const noting = new Set<string>();
const finished = new Set<string>();
/** Once told to, it dies where the ledger knows the generation of a request whose outcome it has not heard. */
const ledger: Ledger = {
  ...kept,
  async note(id, generationId) {
    noting.add(id);
    await kept.note?.(id, generationId);
    noting.delete(id);
    if (isToDie && !finished.has(id)) process.kill(process.pid, "SIGKILL");
  },
  async finish(record) {
    // It is as good as dead: what it still has to say comes too late.
    if (isToDie && noting.has(record.id)) await new Promise(() => {});
    finished.add(record.id);
    await kept.finish(record);
  },
};
const llm = new LLMClient({ provider: "openrouter", apiKey: "sk-or-v1-load", baseURL, env: false, ledger });
llm.on("warning", ({ message }) => {
  throw new Error(message);
});

let left = Number(calls);
async function ask(): Promise<void> {
  while (left > 0) {
    left -= 1;
    // Of all processes, no two requests name the same user: how the test knows which is which.
    const request = { prompt: `Say ${left}`, maxTokens: 8, user: `${process.pid}-${left}` };
    if (left % 2 > 0) await llm.generate(request);
    else for await (const _ of llm.stream(request));
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, ask));
await llm.settled();
await llm.close();
await ledger.close?.();
await end?.();
console.log("done");
