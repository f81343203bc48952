import type { Clock } from "./clock.js";

/** A clock that stands still until the test moves it: for rate limits, pacing and delays without waiting. */
export class ManualClock implements Clock {
  private sleepers: { due: number; wake: () => void }[] = [];
  private watchers: (() => void)[] = [];

  /** `start`: milliseconds since the epoch. */
  constructor(private time = 1_800_000_000_000) {}

  now(): number {
    return this.time;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((wake) => {
      const sleeper = { due: this.time + ms, wake };
      this.sleepers.push(sleeper);
      const leave = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        wake();
      };
      signal.addEventListener("abort", leave, { once: true });
      for (const seen of this.watchers.splice(0)) seen();
    });
  }

  /** Resolves when somebody waits for the time to pass. */
  someoneWaits(): Promise<void> {
    return this.sleepers.length > 0 ? Promise.resolve() : new Promise((seen) => this.watchers.push(seen));
  }

  /** Moves the time on by `ms` milliseconds, at once. */
  move(ms: number): void {
    this.time += ms;
    const due = this.sleepers.filter((sleeper) => sleeper.due <= this.time);
    this.sleepers = this.sleepers.filter((sleeper) => sleeper.due > this.time);
    for (const { wake } of due) wake();
  }

  /** Moves the time on once somebody waits for it. */
  async advance(ms: number): Promise<void> {
    await this.someoneWaits();
    this.move(ms);
  }
}
