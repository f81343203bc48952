/** Calls under way that will tell what they used: they may free room long before their window does. */
export class Corrections {
  readonly #expected = new Map<string, { calls: number; woken: PromiseWithResolvers<void> }>();

  /** A call has taken something under these counters. */
  expect(counters: readonly string[]): void {
    for (const counter of counters) {
      const known = this.#expected.get(counter);
      if (known) known.calls += 1;
      else this.#expected.set(counter, { calls: 1, woken: Promise.withResolvers() });
    }
  }

  /** One such call has told, or never will. */
  done(counters: readonly string[]): void {
    for (const counter of counters) {
      const known = this.#expected.get(counter);
      if (!known) continue;
      known.woken.resolve();
      known.woken = Promise.withResolvers();
      known.calls -= 1;
      if (known.calls === 0) this.#expected.delete(counter);
    }
  }

  /**
   * What gives, for a counter, a promise of its next one, counted from now; undefined where none is to come. One that is
   * told while a store's refusal is on its way is not in that refusal.
   */
  watch(entries: readonly { counter: string }[]): (counter: string) => Promise<void> | undefined {
    const next = (counter: string) => this.#expected.get(counter)?.woken.promise;
    if (this.#expected.size === 0) return next;
    const pending = new Map(entries.map(({ counter }) => [counter, next(counter)]));
    return (counter) => pending.get(counter) ?? next(counter);
  }
}
