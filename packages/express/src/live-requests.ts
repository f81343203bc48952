import type { ChatRun } from "@signalbox/core";
import { shuttingDown } from "@signalbox/core/node";
import type { Response } from "express";
import { lastOnItsConnection } from "./last-on-its-connection.js";

/** How long the closing words of aborted answers may take to reach their callers. */
const LAST_WORDS_MS = 1_000;

/** Work that its request does not end. */
export type LastingRun = Pick<ChatRun, "cancel" | "settled">;

/** The requests that are being answered, the runs that outlive theirs, and how both come to their end. */
export class LiveRequests {
  readonly #live = new Map<Response, AbortController>();
  readonly #lasting = new Set<LastingRun>();
  #draining = false;
  #news = Promise.withResolvers<void>();

  /** True for requests that arrive once no request is let in any more. */
  refuses(res: Response): boolean {
    return this.#draining && !this.#live.has(res);
  }

  /** A signal that aborts with `departure`, or when the request is still answered at the end of the grace period. */
  enter(res: Response, departure: AbortSignal): AbortSignal {
    // Whoever has left, or has its answer, says no `close` any more.
    if (departure.aborted || res.writableFinished) return departure;
    const known = this.#live.get(res);
    if (known !== undefined) return known.signal;
    const controller = new AbortController();
    departure.addEventListener("abort", () => controller.abort(departure.reason), { once: true });
    this.#live.set(res, controller);
    res.once("close", () => this.#leave(res));
    return controller.signal;
  }

  /** Gives a run that outlives its request up when the grace period is over, for another process to go on with. */
  keep(run: LastingRun): void {
    this.#lasting.add(run);
    void run.settled.then(() => {
      this.#lasting.delete(run);
      this.#tell();
    });
  }

  /** Lets nobody in, gives those inside `graceMs`, aborts the rest and gives it a moment to say so. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    for (const res of this.#live.keys()) lastOnItsConnection(res);
    await this.#until(() => this.#live.size + this.#lasting.size === 0, graceMs);
    for (const controller of this.#live.values()) controller.abort(shuttingDown());
    // Those who follow a run are told of the shutdown, not of the run's end.
    await this.#until(() => this.#live.size === 0, LAST_WORDS_MS);
    for (const run of this.#lasting) run.cancel(shuttingDown());
    await this.#until(() => this.#lasting.size === 0, LAST_WORDS_MS);
  }

  #leave(res: Response): void {
    this.#live.delete(res);
    this.#tell();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }

  /** Waits until `isOver`, `ms` at most. */
  async #until(isOver: () => boolean, ms: number): Promise<void> {
    if (isOver() || ms <= 0) return;
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(late.resolve, ms, "late");
    while (!isOver()) if ((await Promise.race([this.#news.promise, late.promise])) === "late") break;
    clearTimeout(timer);
  }
}
