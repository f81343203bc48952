import { expect, test } from "vitest";
import { loadLedger } from "./ledger-load.js";
import { ledgerPlaces } from "./ledger-places.js";
import { hasPostgres } from "./postgres-server.js";

// The same with 10,000 requests each: `npm run test:deep`.
const CALLS = 400;
const TIMEOUT_MS = 60_000;
const lost = "loses no request to two SIGKILLs, doubles none, and its total is the bill to the last digit";

test.each(["jsonl", "sqlite"] as const)(`a %s ledger ${lost}`, { timeout: TIMEOUT_MS }, async (kind) => {
  expect(await loadLedger({ ...(await ledgerPlaces[kind]()), calls: CALLS })).toContain(`${kind}: `);
});

test.skipIf(!hasPostgres)(`a ledger in PostgreSQL ${lost}`, { timeout: TIMEOUT_MS }, async () => {
  expect(await loadLedger({ ...(await ledgerPlaces.postgres()), calls: CALLS })).toContain("postgres: ");
});
