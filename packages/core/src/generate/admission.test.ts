import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { openGates } from "../limits/gates.js";
import type { LimitStore } from "../limits/limit-store.js";
import { takePlace } from "./admission.js";
import type { Books } from "./books.js";
import type { CallScope, Engine } from "./engine.js";

/** Asks for a place whose store of limits never answers. */
function admission(reserve: () => Promise<void> | undefined) {
  const clock = new ManualClock();
  const limitStore: LimitStore = { take: () => new Promise(() => {}) };
  const gates = openGates({ limitStore, budgetStore: undefined, clock });
  const caller = new AbortController();
  const engine: Pick<Engine, "clock" | "provider" | "gates"> = {
    clock,
    provider: { name: "openrouter" } as Engine["provider"],
    gates: Object.assign(async () => gates, { loaded: undefined }),
  };
  const scope = { limits: { requestsPerMinute: 1 }, budgets: [{ usd: 1, per: "day" }] } as Partial<CallScope>;
  const books = { reserve } as Partial<Books> as Books;
  const applicant = {
    body: { model: "acme/m" },
    model: { sent: "acme/m" },
    user: undefined,
    metadata: undefined,
    signal: caller.signal,
  } as Parameters<typeof takePlace>[3];
  const entering = takePlace(engine as Engine, scope as CallScope, books, applicant, "k");
  return { caller, entering };
}

test("a caller who leaves while the gates are loaded waits for no place", async () => {
  const { caller, entering } = admission(() => undefined);
  caller.abort();
  await expect(entering).rejects.toMatchObject({ code: "aborted" });
});

test("a caller who leaves while a place is waited for is heard, and nothing listens any more", async () => {
  const reserved = Promise.withResolvers<void>();
  const { caller, entering } = admission(() => {
    reserved.resolve();
    return undefined;
  });
  await reserved.promise;
  caller.abort();
  await expect(entering).rejects.toMatchObject({ code: "aborted" });
  expect(getEventListeners(caller.signal, "abort")).toEqual([]);
});

test("a budget that refuses at once leaves nothing that listens to the caller", async () => {
  const { caller, entering } = admission(() => {
    throw new Error("refused");
  });
  await expect(entering).rejects.toThrow("refused");
  expect(getEventListeners(caller.signal, "abort")).toEqual([]);
});
