import { setTimeout as wait } from "node:timers/promises";
import { call } from "./caller.ts";
import { Child } from "./child.ts";
import type { Memory } from "./server.ts";

/** What many callers of slow streams left behind. */
export interface Steady {
  clients: number;
  seconds: number;
  /** Streams that came to their end with every event. */
  whole: number;
  events: number;
  failures: string[];
  /** After a warm-up by as many callers, and after the run; both after a collection and 8 s without work. */
  before: Memory;
  after: Memory;
  /** While all of them were connected, after a collection. */
  during: Memory;
}

const WARM_UP_SECONDS = 4;
/** Longer than connections to upstream are kept, which is 5 s: else some are still there, and some are not. */
const IDLE_MS = 8_000;

/** Serves `clients` streams of two events a second for `seconds` seconds. */
export async function measureSteady(
  clients: number,
  seconds: number,
  progress: (text: string) => void,
): Promise<Steady> {
  const upstream = new Child("./upstream.ts", []);
  const server = new Child("./server.ts", ["--expose-gc"]);
  try {
    const run = async (length: number, meanwhile?: () => Promise<void>) => {
      const baseURL = await upstream.ask<string>("start", { manner: "steady", seconds: length });
      const port = await server.ask<number>("listen", { baseURL });
      const streams: Promise<number>[] = [];
      for (let index = 0; index < clients; index++) {
        streams.push(eventsOf(port, `steady-${index}`));
        if (index % 50 === 49) await wait(25);
      }
      await meanwhile?.();
      return Promise.allSettled(streams);
    };
    progress(`${clients} callers × ${WARM_UP_SECONDS} s to warm up`);
    await run(WARM_UP_SECONDS);
    await wait(IDLE_MS);
    const before = await server.ask<Memory>("memory");
    progress(`${clients} callers × ${seconds} s`);
    let during = before;
    const ended = await run(seconds, async () => {
      await wait((seconds * 1000) / 4);
      during = await server.ask<Memory>("memory");
    });
    await wait(IDLE_MS);
    const after = await server.ask<Memory>("memory");
    const failures = await server.ask<string[]>("failures");
    const counts = ended.map((one) => (one.status === "fulfilled" ? one.value : 0));
    for (const one of ended) if (one.status === "rejected") failures.push(String(one.reason));
    const whole = counts.filter((count) => count === 2 * seconds).length;
    const events = counts.reduce((sum, count) => sum + count, 0);
    return { clients, seconds, whole, events, failures, before, during, after };
  } finally {
    await Promise.all([upstream.stop(), server.stop()]);
  }
}

/** Reads a stream to its `[DONE]`; how many deltas it had. */
function eventsOf(port: number, prompt: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { socket } = call(port, "/chat", prompt);
    let rest = "";
    let deltas = 0;
    socket.setEncoding("utf8").on("data", (piece: string) => {
      const lines = (rest + piece).split("\n\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.includes('"type":"text-delta"')) deltas++;
        if (line.includes('"type":"error"')) reject(new Error(line));
        if (!line.includes("data: [DONE]")) continue;
        resolve(deltas);
        socket.destroy();
      }
    });
    socket.on("close", () => reject(new Error(`${prompt} ended without [DONE]: ${rest.slice(0, 200)}`)));
    socket.on("error", reject);
  });
}
