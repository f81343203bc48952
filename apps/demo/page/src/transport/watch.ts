import { countLateCosts } from "../money/late-costs.js";
import { applyEvent } from "../run/apply-event.js";
import { breakOff, type DeckRun } from "../run/deck-run.js";
import { faultOf } from "../run/fault-of.js";
import { ask, type RunView } from "../server-api.js";
import { address, busy, connection, info, loadInfo, loadPastRuns, run, showProgress } from "../state.js";
import { pause } from "./pause.js";
import { watchRun } from "./watch-run.js";

let watching: AbortController | undefined;

/**
 * Follows the run on the page, over breaks and restarts of the server, until it has ended or something else is watched.
 *
 * @param lastTold - where the process that executed it is gone: when its last event was told, in milliseconds since
 * 1970. It is replayed up to there, and taken for interrupted until somebody goes on with it
 */
export async function watch(id: string, lastTold?: number): Promise<void> {
  unwatch();
  const controller = new AbortController();
  watching = controller;
  try {
    if (info.value === undefined) await loadInfo();
    await new RunWatch(id, controller.signal, lastTold).follow();
  } catch (error) {
    if (!controller.signal.aborted && run.value?.id === id) run.value = breakOff(run.value, "failed", faultOf(error));
  } finally {
    if (watching === controller) {
      connection.value = "idle";
      void loadPastRuns();
      void countLateCosts(id, controller.signal);
    }
  }
}

/** Stops reading, not running. */
export function unwatch(): void {
  watching?.abort();
  watching = undefined;
  connection.value = "idle";
}

/** Asks the server to go on with a run; what is finished is kept. */
export async function askToResume(id: string): Promise<void> {
  try {
    await ask(`${address()}/${encodeURIComponent(id)}/resume?follow=0`, { method: "POST", body: {} });
  } catch (error) {
    // Another window may have been faster; then there is something to follow.
    const { state } = await ask<RunView>(`/api/runs/${encodeURIComponent(id)}`);
    if (state !== "running" && state !== "review" && state !== "done") throw error;
  }
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** How long a server that ends tells its last events before it is gone. */
const FAREWELL_MS = 1_000;

class RunWatch {
  readonly #id: string;
  readonly #signal: AbortSignal;
  /** Set while its process is gone: when it told its last event. */
  #lastTold: number | undefined;
  #sawItWork = false;
  #serverWasGone = false;

  constructor(id: string, signal: AbortSignal, lastTold: number | undefined) {
    this.#id = id;
    this.#signal = signal;
    this.#lastTold = lastTold;
  }

  async follow(): Promise<void> {
    do {
      await watchRun({
        runId: this.#id,
        address,
        after: () => run.value?.seq ?? 0,
        ended: () => this.#lastTold === undefined && !busy.value,
        onEvents: (events) => {
          if (!this.#signal.aborted && run.value !== undefined) this.#show(events.reduce(applyEvent, run.value));
        },
        onConnection: (state) => {
          connection.value = state;
          if (state === "live" && this.#lastTold === undefined) this.#sawItWork = true;
        },
        onBreak: () => this.#comeBack(),
        signal: this.#signal,
        delayMs: FIRST_WAIT_MS,
        longestMs: LONGEST_WAIT_MS,
      });
    } while (await this.#outlivedItsServer());
  }

  #show(next: DeckRun): void {
    const works = next.phase === "running" || next.phase === "review";
    // Another window goes on with it.
    const goesOn = this.#lastTold !== undefined && (next.at ?? 0) > this.#lastTold && next.phase !== "interrupted";
    if (goesOn) this.#lastTold = undefined;
    showProgress(this.#lastTold !== undefined && works ? breakOff(next, "interrupted") : next);
  }

  /**
   * The connection broke. A run that was seen at work and lost its process, or was stopped because its server ended, is
   * resumed by itself.
   */
  async #comeBack(): Promise<void> {
    await loadInfo();
    if (info.value === null) this.#serverWasGone = true;
    const { state, updatedAt } = await ask<RunView>(`/api/runs/${encodeURIComponent(this.#id)}`, {
      signal: this.#signal,
    });
    const lostItsServer = state === "interrupted" || (state === "stopped" && this.#serverWasGone);
    this.#serverWasGone = false;
    this.#lastTold = state === "interrupted" && !this.#sawItWork ? Date.parse(updatedAt) : undefined;
    if (lostItsServer && this.#sawItWork) await askToResume(this.#id);
  }

  /** A server that is ended stops its runs first; one that was watched goes on once there is a server again. */
  async #outlivedItsServer(): Promise<boolean> {
    if (this.#signal.aborted || !this.#sawItWork || run.value?.phase !== "stopped") return false;
    for (let waited = FAREWELL_MS, tries = 0; ; waited = Math.min(waited * 2, LONGEST_WAIT_MS), tries++) {
      await pause(waited, this.#signal);
      if (this.#signal.aborted) return false;
      await loadInfo();
      if (info.value === null) {
        connection.value = "lost";
        continue;
      }
      if (tries === 0 || this.#signal.aborted || run.value?.phase !== "stopped") return false;
      await askToResume(this.#id);
      run.value = { ...run.value, phase: "running" };
      return true;
    }
  }
}
