import { setTimeout as wait } from "node:timers/promises";
import { call } from "./caller.ts";
import { Child } from "./child.ts";
import type { Memory } from "./server.ts";

/** What callers who do not read make the application hold. */
export interface Unread {
  road: string;
  callers: number;
  /** Bytes of heap and buffers for each of them, after a collection. */
  liveEach: number;
}

const CALLERS = 20;

/** Floods callers who never read for so many seconds. */
export async function measureUnread(seconds: number, progress: (text: string) => void): Promise<Unread[]> {
  const upstream = new Child("./upstream.ts", []);
  const server = new Child("./server.ts", ["--expose-gc"]);
  const rows: Unread[] = [];
  try {
    const baseURL = await upstream.ask<string>("start", { manner: "flooding", seconds: 0 });
    for (const road of ["/pipe", "/chat", "/v1"]) {
      progress(`${CALLERS} callers of ${road} do not read for ${seconds} s`);
      const port = await server.ask<number>("listen", { baseURL });
      const before = await server.ask<Memory>("memory");
      const callers = Array.from({ length: CALLERS }, (_, index) => call(port, road, `unread${road}#${index}`, false));
      await Promise.all(callers.map(({ answered }) => answered));
      await wait(seconds * 1000);
      const after = await server.ask<Memory>("memory");
      const live = after.heap + after.external - before.heap - before.external;
      rows.push({ road, callers: CALLERS, liveEach: live / CALLERS });
      for (const { socket } of callers) socket.destroy();
      while ((await server.ask<number>("live")) > 0) await wait(5);
    }
  } finally {
    await Promise.all([upstream.stop(), server.stop()]);
  }
  return rows;
}
