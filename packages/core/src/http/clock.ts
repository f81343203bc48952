/** A running timer; `clear` is idempotent. */
export interface Timer {
  /** Stops the timer. */
  clear(): void;
}

/** Time and chance, injectable so that tests need neither sleeps nor luck. */
export interface Clock {
  /** Monotonic milliseconds: what every wait is measured with. */
  now(): number;
  /** Wall-clock milliseconds since 1970: only for dates that upstream names and for calendar windows. */
  date(): number;
  /**
   * Calls back after `ms`. The timer does not keep the process alive, except with `hold: true`: for waits that a
   * caller awaits while no socket is open, such as the pause before a retry.
   */
  after(ms: number, callback: () => void, options?: { hold?: boolean | undefined }): Timer;
  /** A number in [0, 1): jitter. */
  random(): number;
}

/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

class SystemTimer implements Timer {
  readonly #timer: NodeJS.Timeout;

  constructor(timer: NodeJS.Timeout) {
    this.#timer = timer;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  after(ms, callback, options) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    if (options?.hold !== true) timer.unref?.();
    return new SystemTimer(timer);
  },
  random: Math.random,
};
