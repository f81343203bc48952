import type { BudgetStore, ReserveAnswer, ReserveEntry } from "@signalbox/core";
import type { RedisConnection } from "../connection/redis-connection.js";
import { BUDGET } from "./budget-scripts.js";
import { decimalText } from "./decimal-text.js";
import { LateMarks } from "./late-marks.js";

export interface RedisBudgetOptions {
  /** How long a reservation outlives its process unless the request was sent, in milliseconds. @default 60_000 */
  reservationMs?: number | undefined;
  /** The wall clock, for tests. @default Redis's own */
  now?: (() => number) | undefined;
}

/** Counters of money in Redis, and what it takes to end them. */
export interface RedisBudgetStore extends BudgetStore {
  sent(id: string): void;
  /** Marks what could not be marked while Redis was away, if it is back; then holds nothing any more. */
  close(): Promise<void>;
}

const RESERVATION_MS = 60_000;
/** So long after a window's end, and in one that never ends, a call that is settled late still finds its reservation. */
const SLACK_MS = 3_600_000;
const ENDLESS_MS = 35 * 24 * SLACK_MS;
/** A client that asks again after its connection broke does so within this. */
const ENDED_MS = 600_000;
/** So many are renewed with one script: it must not hold Redis up. */
const RENEWED_AT_ONCE = 1_000;

/**
 * Counters of money that all processes share, by one script for each verb. A reservation lives as long as the process
 * that holds it: it is renewed until the request is sent, and given back `reservationMs` after its process has died.
 * What was sent stays counted at what was set aside until it is settled or released, by whichever process.
 *
 * While Redis is away `reserve` rejects within the connection's bound, and core refuses the call; `settle` and `release`
 * reject, too, which core tells as a warning, and are done when Redis is back.
 */
export function redisBudgetStore(
  connection: RedisConnection,
  prefix: string,
  { reservationMs = RESERVATION_MS, now }: RedisBudgetOptions = {},
): RedisBudgetStore {
  const keys = [`${prefix}:reservations`];
  const ask = (verb: "reserve" | "sent" | "end" | "renew", ...args: (string | number)[]) =>
    connection.script(BUDGET, keys, [now === undefined ? "" : now(), verb, ...args]);
  /** Set aside and not sent, by this process. */
  const held = new Set<string>();
  let renewing: NodeJS.Timeout | undefined;

  const late = new LateMarks(connection, async (id, mark) => {
    if (mark === "sent") await ask("sent", id);
    else if (mark === "release") await ask("end", id, "0", ENDED_MS);
    else await ask("end", id, decimalText(mark.settle) ?? "0", 0);
  });
  const renew = () => {
    if (held.size === 0) {
      clearInterval(renewing);
      renewing = undefined;
      return;
    }
    // What is not renewed in time lapses, and counts again when it is sent.
    const ids = [...held];
    for (let at = 0; at < ids.length; at += RENEWED_AT_ONCE)
      ask("renew", reservationMs, ...ids.slice(at, at + RENEWED_AT_ONCE)).catch(() => {});
  };
  const hold = (id: string) => {
    held.add(id);
    renewing ??= setInterval(renew, reservationMs / 3).unref();
  };

  return {
    async reserve(entries: ReserveEntry[], id: string): Promise<ReserveAnswer> {
      const asked = entries.flatMap(({ counter, limitUsd, amountUsd, resetsAt }) => [
        counter,
        // More money than can be counted is no limit, and fits into none.
        decimalText(limitUsd) ?? "",
        decimalText(amountUsd) ?? "",
        resetsAt ?? "",
      ]);
      const args = [id, reservationMs, SLACK_MS, ENDLESS_MS, ...asked];
      const [verdict, place, used] = (await ask("reserve", ...args)) as [number, number, string];
      if (verdict === 1) {
        hold(id);
        return { ok: true };
      }
      const full = entries[place - 1];
      if (verdict !== 0 || full === undefined) throw new Error("the reservation was ended before it was made");
      const { counter, limitUsd, resetsAt } = full;
      return { ok: false, counter, limitUsd, usedUsd: Number(used), ...(resetsAt === undefined ? {} : { resetsAt }) };
    },
    sent(id) {
      held.delete(id);
      late.mark(id, "sent").catch(() => {});
    },
    async settle(id, usd) {
      held.delete(id);
      await late.mark(id, { settle: usd });
    },
    async release(id) {
      held.delete(id);
      await late.mark(id, "release");
    },
    async close() {
      clearInterval(renewing);
      held.clear();
      await late.close();
    },
  };
}
