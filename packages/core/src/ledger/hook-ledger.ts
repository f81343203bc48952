import { createError } from "../errors/error-classes.js";
import type { Ledger, LedgerIntent, LedgerRecord } from "./ledger.js";
import { plainIntent, plainRecord } from "./plain-record.js";

/** What your own code does with records. */
export interface LedgerHooks {
  /** Is told of a request before it is sent; the request waits for it, and is refused where it fails. */
  begin?: ((intent: LedgerIntent) => unknown) | undefined;
  /** Is told what became of a request; the answer does not wait for it. */
  finish: (record: LedgerRecord) => unknown;
}

/**
 * Hands each record to a function of yours: for a queue, a log, a table of your own. What the function throws, or its
 * promise rejects with, is told as a warning `ledger`, and the record is not handed over again. For the same id a later
 * record replaces the earlier one. It keeps nothing, so nothing can be recovered from it after a crash.
 *
 * Throws: `invalid_config` where there is no function.
 */
export function hookLedger(hooks: LedgerHooks | LedgerHooks["finish"]): Ledger {
  const { begin, finish }: Partial<LedgerHooks> = typeof hooks === "function" ? { finish: hooks } : (hooks ?? {});
  if (typeof finish !== "function" || (begin !== undefined && typeof begin !== "function"))
    throw createError("invalid_config", "hookLedger() takes a function, or { begin, finish } of functions");
  return {
    begin: (intent) => (begin === undefined ? undefined : told(begin, plainIntent(intent))),
    finish: (record) => told(finish, plainRecord(record)),
  };
}

async function told<T>(hook: (value: T) => unknown, value: T): Promise<void> {
  await hook(value);
}
