import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../clock.js";
import type { Exchange } from "./exchange.js";
import type { Delivery, Step } from "./step.js";

/** How many pieces leave in one turn of the event loop where nothing paces them. */
const piecesPerTurn = 12;

export interface Pace {
  clock: Clock;
  /** Absent: as fast as the client reads. */
  tokensPerSecond: number | undefined;
}

/** Writes a delivery to its end, or until the client leaves; the socket's backpressure is respected. */
export async function perform(delivery: Delivery, exchange: Exchange, pace: Pace): Promise<void> {
  const { response, gone } = exchange;
  if (gone.aborted) return;
  response.writeHead(delivery.status, delivery.headers);
  exchange.entry.status = delivery.status;
  const startedAt = pace.clock.now();
  let tokens = 0;
  let pieces = 0;
  for (const step of delivery.steps) {
    if (step.do === "write" && pace.tokensPerSecond !== undefined && step.tokens) {
      // A delta leaves when its token is made; a whole body when its last one is.
      tokens += step.tokens;
      const due = startedAt + ((tokens - 1) * 1000) / pace.tokensPerSecond;
      if (due > pace.clock.now()) await pace.clock.wait(due - pace.clock.now(), gone);
    }
    if (gone.aborted) return;
    const ended = await take(step, exchange, pace.clock);
    if (ended || gone.aborted) return;
    pieces += 1;
    if ((step.do === "write" && step.apart) || pieces % piecesPerTurn === 0) await nextTurn();
  }
  if (!gone.aborted) await end(exchange);
}

/** Does one step; true where it was the last one. */
async function take(step: Step, exchange: Exchange, clock: Clock): Promise<boolean> {
  const { response, gone } = exchange;
  switch (step.do) {
    case "write": {
      const drained = response.write(step.data);
      exchange.wrote(Buffer.byteLength(step.data), step.event ?? false, step.tokens ?? 0);
      if (!drained) await happens(response, "drain", gone);
      return false;
    }
    case "wait":
      await clock.wait(step.ms, gone);
      return false;
    case "stall":
      response.flushHeaders();
      await aborted(gone);
      return true;
    case "reset":
    case "hang-up": {
      exchange.willEnd();
      response.flushHeaders();
      await flushed(exchange);
      if (step.do === "reset") response.socket?.resetAndDestroy();
      else response.socket?.destroySoon();
      return true;
    }
  }
}

async function end({ response, gone }: Exchange): Promise<void> {
  response.end();
  if (!response.writableFinished) await happens(response, "finish", gone);
}

/** Resolves when what was written has left this process, so that a reset does not overtake it. */
function flushed({ response, gone }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    gone.addEventListener("abort", () => resolve(), { once: true });
    response.write("", () => setImmediate(() => setImmediate(resolve)));
    if (!response.socket?.writableLength) setImmediate(() => setImmediate(resolve));
  });
}

function happens(response: Exchange["response"], event: "drain" | "finish", gone: AbortSignal): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off(event, settle);
      gone.removeEventListener("abort", settle);
      resolve();
    };
    response.on(event, settle);
    gone.addEventListener("abort", settle);
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
