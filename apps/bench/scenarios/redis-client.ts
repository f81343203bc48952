import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import { COST_USD, openStores, twoWindows } from "./redis-stores.ts";

/** What the process is asked to do; the URL of the Redis comes as the only argument. */
export type Order =
  | { kind: "pace"; perSecond: number; seconds: number }
  | { kind: "saturate"; atOnce: number; pairs: number };

export interface Paced {
  /** From the call of `reserve` to its answer, and the same of `settle`: microseconds, one for each pair. */
  reserveUs: number[];
  settleUs: number[];
}

export interface Saturated {
  wallMs: number;
  /** CPU of this process, all threads. */
  cpuUs: number;
}

const USERS = Array.from({ length: 100 }, (_, at) => `user-${at}`);
const { budgetStore } = await openStores(process.argv[2] ?? "");
let turn = 0;

process.on("message", (order: Order) => void answer(order));
process.on("disconnect", () => process.exit());
process.send?.("ready");

async function answer(order: Order): Promise<void> {
  process.send?.(await (order.kind === "pace" ? pace(order) : saturate(order)));
}

/** What a call does, in its order: money is set aside, the request goes out, the cost is known. */
async function pair(onTimes?: (reserveUs: number, settleUs: number) => void): Promise<void> {
  const id = randomBytes(16).toString("hex");
  turn += 1;
  const windows = twoWindows(USERS[turn % USERS.length] as string);
  const asked = performance.now();
  const { ok } = await budgetStore.reserve(windows, id);
  const reserved = performance.now();
  if (!ok) throw new Error("a budget that is large enough has refused");
  budgetStore.sent?.(id);
  const told = performance.now();
  await budgetStore.settle(id, COST_USD);
  onTimes?.((reserved - asked) * 1_000, (performance.now() - told) * 1_000);
}

/** Begins as many pairs as are due, whatever became of those before. */
async function pace({ perSecond, seconds }: { perSecond: number; seconds: number }): Promise<Paced> {
  const times: Paced = { reserveUs: [], settleUs: [] };
  const pairs: Promise<void>[] = [];
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(perSecond * seconds, ((performance.now() - start) * perSecond) / 1_000);
      while (pairs.length < due) {
        pairs.push(
          pair((reserveUs, settleUs) => {
            times.reserveUs.push(reserveUs);
            times.settleUs.push(settleUs);
          }),
        );
      }
      if (due < perSecond * seconds) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await Promise.all(pairs);
  return times;
}

async function saturate({ atOnce, pairs }: { atOnce: number; pairs: number }): Promise<Saturated> {
  let left = pairs;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await pair();
    }
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuUs: user + system };
}
