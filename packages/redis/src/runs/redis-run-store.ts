import { InvalidRequestError, type RunStore, type StepEvent } from "@signalbox/core";
import type { RedisConnection } from "../connection/redis-connection.js";
import { HeldRuns } from "./held-runs.js";
import { logError } from "./log-unavailable.js";
import { runKeys } from "./run-keys.js";
import { RunOutbox } from "./run-outbox.js";
import { APPEND, CANCEL, KEEP, LEASE, LOAD, type WriteAnswer } from "./run-scripts.js";

/** How long runs are kept, and how much of them waits for a Redis that is away. */
export interface RedisRunStoreOptions {
  /** How long after its last write a run is kept, in milliseconds; one that is executed is kept. @default 86_400_000 */
  ttlMs?: number | undefined;
  /** How much is kept in memory while Redis is away, over all runs, before a run fails. @default 16_777_216 */
  maxWaitingBytes?: number | undefined;
}

/** Runs in Redis, for any number of processes. */
export interface RedisRunStore extends RunStore {
  cancel(runId: string): Promise<void>;
  onCancel(runId: string, listener: () => void): () => void;
  subscribe(runId: string, listener: () => void): () => void;
  /** Leases a run for whoever takes it next, such as a queue: this process forgets it, and never renews the lease. */
  park(runId: string, ms: number, holder: string): Promise<boolean>;
  /** Writes what waits for Redis. Throws `provider_error` where that cannot be done now: it is lost with the process. */
  close(): Promise<void>;
}

/** So many events are read from Redis at a time: a long log must not hold it up. */
const PAGE = 500;

/**
 * Keeps runs in Redis: a stream of events, a hash of what was finished, a lease that expires, a flag that asks to stop.
 *
 * Shape: events lie under their `seq`; a second writer is refused, by the lease and by the `seq`.
 * Redis away: what a run under way writes is kept in memory, in order, and written once Redis is back; the lease of a
 * run that cannot be renewed in time ends it. New runs, reads and requests to stop fail with `provider_error` (503).
 */
export function redisRunStore(
  connection: RedisConnection,
  prefix: string,
  { ttlMs = 86_400_000, maxWaitingBytes = 16 * 1024 * 1024 }: RedisRunStoreOptions = {},
): RedisRunStore {
  const self: string = crypto.randomUUID();
  const ttl = Math.ceil(ttlMs);
  const outbox = new RunOutbox(maxWaitingBytes);
  const held = new HeldRuns();
  /** Who is to be told that a run is asked to stop. */
  const stops = new Map<string, Set<() => void>>();
  const take = async (runId: string, ms: number, holder: string, isRenewal: boolean): Promise<boolean> => {
    const { lease, events, kept, cancel, owner } = runKeys(prefix, runId);
    const args = [holder, ttl, Math.ceil(Math.max(0, ms)), isRenewal ? "1" : ""];
    const answer = await connection.script(LEASE, [lease, events, kept, cancel, owner], args);
    // The word of it may have been lost: a channel is told once, and a cluster does not say when it was not heard.
    if (answer === "stop") for (const tell of [...(stops.get(runId) ?? [])]) tell();
    return answer !== 0;
  };
  const comeBack = async () => {
    // A Redis that has forgotten them must not take our runs for those of a process that is gone.
    const renewals = held.all().map(async ({ runId, ms, holder }) => {
      if (!(await take(runId, ms, holder, true))) held.drop(runId, holder);
    });
    await Promise.all(renewals);
    await outbox.flush();
  };
  const stopListening = connection.onReconnect(() => {
    comeBack().catch(() => {
      // Redis is gone again; leases and outbox ask again by themselves.
    });
  });

  const ask = async <T>(what: string, question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      throw logError(what, error);
    }
  };
  const write = (runId: string, holder: string | undefined, json: string, send: () => Promise<unknown>) =>
    outbox.write({
      runId,
      writer: holder ?? "",
      bytes: json.length * 2,
      send: async () => checkAnswer(runId, (await send()) as WriteAnswer),
    });
  /** What this process has yet to write is read by it all the same. */
  const readable = async <T>(runId: string, read: () => Promise<T>): Promise<T> =>
    ask(`the run ${runId} cannot be read`, async () => {
      await outbox.flush(runId);
      return read();
    });

  return {
    async append(runId, event, holder) {
      const { owner, events, kept, news } = runKeys(prefix, runId);
      const json = JSON.stringify(event);
      const args = [holder ?? "", ttl, news, event.seq, json, event.final ? "1" : ""];
      await write(runId, holder, json, () => connection.script(APPEND, [owner, events, kept], args));
    },
    read: (runId, afterSeq) => readable(runId, () => readEvents(connection, runKeys(prefix, runId).events, afterSeq)),
    async checkpoint(runId, key, data, holder) {
      const { owner, events, kept } = runKeys(prefix, runId);
      const json = JSON.stringify(data) ?? "null";
      const args = [holder ?? "", ttl, key, json];
      await write(runId, holder, json, () => connection.script(KEEP, [owner, events, kept], args));
    },
    load: (runId) =>
      readable(runId, async () => {
        const { events, kept } = runKeys(prefix, runId);
        const flat = (await connection.script(LOAD, [kept, events], [])) as string[] | null;
        if (flat === null) return undefined;
        const pairs = Array.from({ length: flat.length / 2 }, (_, at) => [flat[at * 2], flat[at * 2 + 1]] as const);
        return Object.fromEntries(pairs.map(([key, json]) => [key, JSON.parse(String(json)) as unknown]));
      }),
    async lease(runId, ms, holder = self) {
      if (ms <= 0) {
        held.drop(runId, holder);
        outbox.forget(runId, holder);
        // A run is let go behind its last event: before, it would look as if its process were gone.
        if (outbox.isWaiting(runId, holder)) {
          const send = async () => void (await take(runId, 0, holder, false));
          await outbox.write({ runId, writer: holder, bytes: 0, isLast: true, send });
          return true;
        }
      }
      // In the order in which it is asked, not answered: a renewal that is answered late must not revive what was let go.
      const isRenewal = ms > 0 && held.has(runId, holder);
      const undo = ms > 0 ? held.keep(runId, ms, holder) : () => {};
      try {
        const given = await ask(`the run ${runId} cannot be leased`, () => take(runId, ms, holder, isRenewal));
        if (!given) held.drop(runId, holder);
        return given;
      } catch (error) {
        undo();
        throw error;
      }
    },
    async park(runId, ms, holder) {
      const isRenewal = held.has(runId, holder);
      held.drop(runId, holder);
      return ask(`the run ${runId} cannot be leased`, async () => {
        // Whoever takes it from the queue must find what was finished, and may refuse what comes later.
        await outbox.flush(runId);
        outbox.forget(runId, holder);
        return take(runId, ms, holder, isRenewal);
      });
    },
    async cancel(runId) {
      const { cancel, owner, stop } = runKeys(prefix, runId);
      await ask(`the run ${runId} cannot be asked to stop`, () =>
        connection.script(CANCEL, [cancel, owner], [ttl, stop]),
      );
    },
    onCancel(runId, listener) {
      const { cancel, stop } = runKeys(prefix, runId);
      let isOver = false;
      const tell = () => {
        if (isOver) return;
        isOver = true;
        listener();
      };
      const look = () => {
        connection.command("EXISTS", cancel).then(
          (asked) => asked === 1 && tell(),
          () => {
            // Asked again as soon as Redis is back.
          },
        );
      };
      const listeners = stops.get(runId) ?? new Set();
      stops.set(runId, listeners.add(tell));
      // Before anything that the run writes: Redis answers in order.
      look();
      // The flag tells, not the message: that may be late, and meant for the execution before.
      const leave = connection.subscribe(stop, look, look);
      const leaveReturn = connection.onReconnect(look);
      return () => {
        isOver = true;
        listeners.delete(tell);
        if (listeners.size === 0 && stops.get(runId) === listeners) stops.delete(runId);
        leave();
        leaveReturn();
      };
    },
    subscribe: (runId, listener) => connection.subscribe(runKeys(prefix, runId).news, listener, listener),
    async close() {
      stopListening();
      try {
        await outbox.flush();
      } catch (error) {
        const { writes, runs } = outbox.discard();
        throw logError(`${writes} writes of ${runs} runs could not be kept`, error);
      }
    },
  };
}

function checkAnswer(runId: string, answer: WriteAnswer): void {
  if (answer === "ok") return;
  const why =
    answer === "conflict" ? `the run ${runId} has an event of this number already` : `the run ${runId} was taken over`;
  throw new InvalidRequestError("invalid_request", why, {
    status: 409,
    hint: "follow it: another process executes it",
  });
}

async function readEvents(connection: RedisConnection, key: string, afterSeq: number): Promise<StepEvent[]> {
  const events: StepEvent[] = [];
  for (let after = afterSeq; ; ) {
    const page = (await connection.command("XRANGE", key, `0-${after + 1}`, "+", "COUNT", PAGE)) as [
      string,
      string[],
    ][];
    for (const [, fields] of page) events.push(JSON.parse(String(fields[1])) as StepEvent);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return events;
    after = Number(last[0].slice(2));
  }
}
