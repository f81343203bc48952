import { setTimeout as wait } from "node:timers/promises";
import { type Caller, call } from "./caller.ts";
import { Child } from "./child.ts";
import type { Closed, Manner } from "./upstream.ts";

/** How fast upstream was closed after callers had left. */
export interface Departures {
  road: string;
  manner: Manner;
  left: number;
  closed: number;
  /** From the caller's leaving to upstream's notice of it, in milliseconds, one for each that was closed. */
  delays: number[];
  failures: string[];
}

/** So many at once: more that do not read would fill the kernel's buffers. */
const BATCH = 20;
/** An upstream that is open after so long counts as not closed. */
const PATIENCE_MS = 10_000;

/** Has `count` callers leave, one after the other, in each manner of upstream and on each road. */
export async function measureDepartures(count: number, progress: (text: string) => void): Promise<Departures[]> {
  const closed = new Map<string, (closed: Closed) => void>();
  const upstream = new Child("./upstream.ts", [], (news) => {
    const one = news as Closed;
    closed.get(one.prompt)?.(one);
  });
  const server = new Child("./server.ts", []);
  const rows: Departures[] = [];
  try {
    for (const manner of ["talking", "silent", "flooding"] as const) {
      const baseURL = await upstream.ask<string>("start", { manner, seconds: 0 });
      const port = await server.ask<number>("listen", { baseURL });
      for (const road of ["/pipe", "/chat", "/v1"]) {
        progress(`${count} callers leave ${road}, upstream ${manner}`);
        const delays: number[] = [];
        for (let first = 0; first < count; first += BATCH) {
          const names = Array.from(
            { length: Math.min(BATCH, count - first) },
            (_, i) => `${manner}${road}#${first + i}`,
          );
          const callers = names.map((name) => call(port, road, name, manner !== "flooding"));
          await Promise.all(callers.map(({ answered }) => answered));
          if (manner === "flooding") await allBlocked(server, names.length);
          delays.push(...(await leaveInTurn(names, callers, closed)));
          while ((await server.ask<number>("live")) > 0) await wait(5);
        }
        const failures = await server.ask<string[]>("failures");
        rows.push({ road, manner, left: count, closed: delays.length, delays, failures });
      }
    }
  } finally {
    await Promise.all([upstream.stop(), server.stop()]);
  }
  return rows;
}

async function allBlocked(server: Child, count: number): Promise<void> {
  // Three times in a row: an answer that waits for a moment only is not blocked.
  for (let times = 0; times < 3; await wait(20)) {
    times = (await server.ask<number>("blocked")) < count ? 0 : times + 1;
  }
}

/** Lets callers leave one by one, half of them with a reset; gives the delays of those that upstream noticed. */
async function leaveInTurn(
  names: readonly string[],
  callers: readonly Caller[],
  closed: Map<string, (closed: Closed) => void>,
): Promise<number[]> {
  const delays: number[] = [];
  for (const [index, name] of names.entries()) {
    const noticed = new Promise<Closed>((resolve) => closed.set(name, resolve));
    const { socket } = callers[index] as Caller;
    const leftAt = process.hrtime.bigint();
    if (index % 2 === 0) socket.destroy();
    else socket.resetAndDestroy();
    const news = await Promise.race([noticed, wait(PATIENCE_MS, undefined, { ref: false })]);
    closed.delete(name);
    if (news?.state === "closed-by-client") delays.push(Number(BigInt(news.at) - leftAt) / 1e6);
  }
  return delays;
}
