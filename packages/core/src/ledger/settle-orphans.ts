import type { GenerationInfo } from "../client/account.js";
import { ModelNotFoundError } from "../errors/error-classes.js";
import { type Clock, systemClock } from "../http/clock.js";
import { pause } from "../http/pause.js";
import type { BudgetStore } from "../limits/budget-store.js";
import { costOfGeneration } from "../usage/read-cost.js";
import { usageOfGeneration } from "../usage/read-usage.js";
import { amountOf } from "../usage/wire-number.js";
import type { Ledger, LedgerIntent, LedgerRecord } from "./ledger.js";

/** What `settleOrphans()` works with. */
export interface SettleOrphansOptions {
  /** One that knows its orphans: `jsonlLedger`, `sqliteLedger`, `postgresLedger`. */
  ledger: Ledger;
  /**
   * The budget store of the processes that are gone; without it only the ledger is put right. One that has `sent` keeps
   * counting what was set aside for an `unknown` request, until it is told what it cost after all.
   */
  budgetStore?: Pick<BudgetStore, "sent" | "settle" | "release"> | undefined;
  /**
   * What upstream knows of a generation: `(id) => llm.account.generation(id)`. It rejects with `not_found` where there
   * is none; any other failure leaves the request for a later time. Without it nothing is looked up, and a generation of
   * OpenRouter's is left for a day to whoever can.
   */
  lookUp?: ((generationId: string, intent: LedgerIntent) => Promise<GenerationInfo>) | undefined;
  /** Hears why a request was left. */
  onLeft?: ((intent: LedgerIntent, error: unknown) => void) | undefined;
  /** Ends it between two requests, and a wait at once. */
  signal?: AbortSignal | undefined;
  /** @default the system's */
  clock?: Clock | undefined;
}

/** How many requests were closed, and how. */
export interface SettledOrphans {
  /** With what upstream told of their generation. */
  found: number;
  /** As `unknown`, at their worst case. */
  unknown: number;
  /** Not closed: upstream could not be asked, or the ledger or the budget store failed. A later call closes them. */
  left: number;
}

/** For so long after it was sent upstream may not know a generation yet. */
const FRESH_MS = 60_000;
/** Upstream that cannot be asked is not asked for ever, and whoever could ask it is not waited for. */
const GIVE_UP_MS = 24 * 3_600_000;
const AT_ONCE = 8;

/**
 * Closes the requests of processes that are gone. One whose generation upstream knows gets the record it would have had,
 * with source `generation`; any other becomes `unknown` and is charged the most that it can have cost. The budget store
 * counts the same under the request's id. Two that do this at once come to one record and one settlement, and where only
 * one of them could ask upstream to what that one has found.
 *
 * Resolves with what was done; a request that cannot be closed now is left, and counted so. Rejects where the ledger
 * cannot tell its orphans. A client with a ledger does this by itself, with its first call and every quarter of an hour
 * in which it is used: this is for a timer of your own.
 */
export async function settleOrphans(options: SettleOrphansOptions): Promise<SettledOrphans> {
  const done: SettledOrphans = { found: 0, unknown: 0, left: 0 };
  const orphans = (await options.ledger.orphans?.()) ?? [];
  const settleNext = async () => {
    for (let intent = orphans.shift(); intent !== undefined; intent = orphans.shift()) {
      if (options.signal?.aborted) done.left += 1;
      else done[await settle(intent, options)] += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, settleNext));
  return done;
}

async function settle(intent: LedgerIntent, options: SettleOrphansOptions): Promise<keyof SettledOrphans> {
  const { ledger, budgetStore, clock = systemClock } = options;
  const { id, worstCaseUsd } = intent;
  try {
    const generation = await findGeneration(intent, options, clock);
    const cost = generation && costOfGeneration(generation);
    const record = cost ? found(intent, generation, clock.date()) : unknown(intent, clock.date());
    // The budget first: who fails between the two leaves an orphan, which is found again.
    if (cost !== undefined) await budgetStore?.settle(id, cost.totalUsd);
    // It stays counted as it was set aside: whoever comes to know what it cost may settle it yet.
    // A store of somebody's own may answer with a promise.
    else if (budgetStore?.sent !== undefined) await (budgetStore.sent(id) as unknown);
    else await (worstCaseUsd === undefined ? budgetStore?.release(id) : budgetStore?.settle(id, worstCaseUsd));
    await ledger.finish(record);
    return cost ? "found" : "unknown";
  } catch (error) {
    // The intent stays, and says that something is open.
    options.onLeft?.(intent, error);
    return "left";
  }
}

/** Undefined where upstream knows of none. */
async function findGeneration(
  intent: LedgerIntent,
  { lookUp, signal }: SettleOrphansOptions,
  clock: Clock,
): Promise<GenerationInfo | undefined> {
  const { generationId, startedAt } = intent;
  if (generationId === undefined) return undefined;
  if (lookUp === undefined) {
    // Only OpenRouter tells afterwards. What is closed now nobody looks up later.
    if (intent.provider !== "openrouter" || clock.date() - startedAt > GIVE_UP_MS) return undefined;
    throw new Error("there is no lookUp to ask for the generation; it is left for a day to whoever has one");
  }
  for (let waitMs = 1_000; ; waitMs *= 2) {
    try {
      return await lookUp(generationId, intent);
    } catch (error) {
      const age = clock.date() - startedAt;
      const isMissing = ModelNotFoundError.is(error);
      if (isMissing ? age > FRESH_MS : age > GIVE_UP_MS) return undefined;
      if (!isMissing) throw error;
    }
    await pause(waitMs, clock, signal, false);
  }
}

function found(intent: LedgerIntent, generation: GenerationInfo, now: number): LedgerRecord {
  const cost = costOfGeneration(generation);
  const usage = usageOfGeneration(generation);
  return {
    ...intent,
    outcome: generation.cancelled === true ? "aborted" : "answered",
    endedAt: now,
    latencyMs: amountOf(generation.generation_time) ?? amountOf(generation.latency) ?? 0,
    attempts: 1,
    servedBy: generation.provider_name ?? undefined,
    finishReason: generation.finish_reason ?? undefined,
    promptTokens: usage?.promptTokens,
    completionTokens: usage?.completionTokens,
    cachedTokens: usage?.cachedTokens,
    reasoningTokens: usage?.reasoningTokens,
    usd: cost?.totalUsd,
    isByok: cost?.isByok,
    source: cost?.source,
  };
}

function unknown(intent: LedgerIntent, now: number): LedgerRecord {
  const { worstCaseUsd } = intent;
  return {
    ...intent,
    outcome: "unknown",
    endedAt: now,
    latencyMs: 0,
    attempts: 1,
    ...(worstCaseUsd !== undefined && { usd: worstCaseUsd, source: "worst_case" as const }),
  };
}
