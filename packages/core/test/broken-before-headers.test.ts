import { createServer } from "node:net";
import { expect, test } from "vitest";
import { LLMClient } from "../src/index.js";
import { hookLedger, type LedgerRecord } from "../src/ledger/index.js";
import { rejection } from "./rejection.js";
import { upstream } from "./upstream.js";

const MODEL = "openai/gpt-4o-mini";

function kept() {
  const records: LedgerRecord[] = [];
  return { records, ledger: hookLedger((record) => void records.push(record)) };
}

test("what a request cost that upstream had read when the connection broke is not known: no 0", async () => {
  const { records, ledger } = kept();
  const { llm, requests } = await upstream((_, response) => response.socket?.destroy(), {
    ledger,
    retry: false,
    model: MODEL,
  });
  expect((await rejection(llm.generate({ prompt: "x" }))).code).toBe("connection");
  await llm.settled();
  expect(requests).toHaveLength(1);
  expect(records).toMatchObject([{ outcome: "failed", code: "connection", attempts: 1 }]);
  expect(records[0]?.usd).toBeUndefined();
});

test("one that reached nobody cost nothing", async () => {
  const server = createServer();
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const { port } = server.address() as { port: number };
  await new Promise((down) => server.close(down));
  const { records, ledger } = kept();
  const baseURL = `http://127.0.0.1:${port}/api/v1`;
  const llm = new LLMClient({ apiKey: "sk-or-v1-canary", baseURL, env: false, ledger, retry: false, model: MODEL });
  expect((await rejection(llm.generate({ prompt: "x" }))).code).toBe("connection");
  await llm.settled();
  await llm.close();
  expect(records).toMatchObject([{ outcome: "failed", code: "connection", attempts: 1, usd: 0 }]);
});
