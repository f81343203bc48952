/** An answer that may be kept, or not. */
export interface HeldAnswer {
  keep(): void;
  drop(): void;
}

/** Answers that are kept only once somebody has found them good: an object has to fit its schema. */
export class HeldAnswers {
  #held: HeldAnswer[] = [];

  add(answer: HeldAnswer): void {
    this.#held.push(answer);
  }

  /** What was added since the last time is good, or not. */
  decide(isGood: boolean): void {
    for (const answer of this.#held.splice(0)) {
      if (isGood) answer.keep();
      else answer.drop();
    }
  }
}
