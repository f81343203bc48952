import type { CircuitBreakerPolicy, IBackoff } from "cockatiel";
import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import type { BreakerPass, BreakerSurroundings } from "./breaker.js";
import { type Verdict, verdictOf } from "./verdict.js";

/** What is used of the package. */
export type Cockatiel = Pick<
  typeof import("cockatiel"),
  "CircuitState" | "ConsecutiveBreaker" | "circuitBreaker" | "handleType"
>;

export interface CircuitSettings extends BreakerSurroundings {
  failures: number;
  halfOpenAfterMs: number;
}

/** Ends a request that counts against the model. */
class Broken extends Error {}

/** A trial without a verdict for so long has been lost by whoever reads its answer: another one takes its place. */
const LONGEST_TRIAL_MS = 600_000;

interface Running {
  worked(): void;
  failed(error: Error): void;
}

/** The circuit of one model: closed, open for a while, then half open, with one request on its way as a trial. */
export class Circuit {
  readonly #cockatiel: Cockatiel;
  readonly #name: string;
  readonly #settings: CircuitSettings;
  readonly #policy: CircuitBreakerPolicy;
  #openUntil = 0;
  #reason = "";
  #isTold = false;
  #isForgotten = false;
  /** How often it has opened or closed: what was sent before the latest change says nothing about the model now. */
  #changes = 0;
  #trial: { since: number; giveUp: () => void } | undefined;

  constructor(cockatiel: Cockatiel, name: string, settings: CircuitSettings) {
    this.#cockatiel = cockatiel;
    this.#name = name;
    this.#settings = settings;
    const isOver = () => settings.clock.now() >= this.#openUntil;
    // The package asks how long the circuit stays open each time it looks at its own clock: so ours decides.
    const halfOpenAfter: IBackoff<unknown> & { next(): IBackoff<unknown> } = {
      get duration() {
        return isOver() ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      },
      next: () => halfOpenAfter,
    };
    this.#policy = cockatiel.circuitBreaker(cockatiel.handleType(Broken), {
      breaker: new cockatiel.ConsecutiveBreaker(settings.failures),
      halfOpenAfter,
    });
    this.#policy.onBreak(() => this.#opened());
    this.#policy.onReset(() => this.#closed("a request was answered"));
  }

  enter(): BreakerPass {
    // The package would let the others wait for the trial; nobody knows how long it takes.
    if (this.#isTried()) {
      const trial = this.#trial;
      if (trial !== undefined && this.#settings.clock.now() - trial.since > LONGEST_TRIAL_MS) trial.giveUp();
      throw this.#refusal();
    }
    let running: Running | undefined;
    const ended = this.#policy.execute(
      () =>
        new Promise<void>((resolve, reject) => {
          running = { worked: resolve, failed: reject };
        }),
    );
    // A pass has told already what it rejects with.
    ended.catch(() => undefined);
    if (running === undefined) throw this.#refusal();
    return this.#pass(running);
  }

  /** It is remembered no longer, and opens no more: nobody could close it again. */
  forget(): void {
    this.#isForgotten = true;
    this.#closed("it is forgotten, as many other models were asked since");
  }

  #pass(running: Running): BreakerPass {
    const changes = this.#changes;
    const isTrial = this.#isTried();
    let isOver = false;
    const end = (verdict: Verdict | "worked", code = "") => {
      if (isOver) return;
      isOver = true;
      const known = changes === this.#changes ? verdict : "nothing";
      const { clock, halfOpenAfterMs } = this.#settings;
      if (known === "worked" || (known === "there" && isTrial)) running.worked();
      else if (known === "broken") {
        this.#reason = code;
        this.#openUntil = clock.now() + halfOpenAfterMs;
        running.failed(new Broken());
      } else if (isTrial) {
        // The trial tells nothing: the circuit stays open, and the next request is the trial.
        this.#openUntil = 0;
        running.failed(new Broken());
      } else running.failed(new Error());
    };
    const left = () => end("nothing");
    if (isTrial) this.#trial = { since: this.#settings.clock.now(), giveUp: left };
    return {
      worked: () => end("worked"),
      failed: (error) => end(verdictOf(error), LLMError.is(error) ? error.code : undefined),
      left,
    };
  }

  #isTried(): boolean {
    return this.#policy.state === this.#cockatiel.CircuitState.HalfOpen;
  }

  #refusal(): LLMError {
    const { halfOpenAfterMs, clock } = this.#settings;
    const isTried = this.#isTried();
    const retryAfterMs = isTried ? halfOpenAfterMs : Math.max(0, this.#openUntil - clock.now());
    const next = isTried ? "one request is trying it" : `the next request goes out in ${Math.ceil(retryAfterMs)} ms`;
    const detail = `the circuit of ${this.#name} is open after failures in a row (${this.#reason}): nothing was sent; ${next}`;
    return createError("provider_overloaded", detail, { retryable: true, retryAfterMs, model: this.#name });
  }

  #opened(): void {
    this.#changes++;
    if (this.#isTold || this.#isForgotten) return;
    this.#isTold = true;
    const { failures, halfOpenAfterMs, onChange } = this.#settings;
    onChange(this.#name, true);
    const message = `the circuit of ${this.#name} is open: ${failures} failures in a row, the last one ${this.#reason}; one request tries it in ${halfOpenAfterMs} ms`;
    this.#settings.warn({ code: "circuit_open", message });
  }

  #closed(why: string): void {
    this.#changes++;
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#settings.onChange(this.#name, false);
    this.#settings.warn({ code: "circuit_closed", message: `the circuit of ${this.#name} is closed: ${why}` });
  }
}
