import type { Clock } from "../http/clock.js";
import type { BudgetStore } from "./budget-store.js";
import { Budgets } from "./budgets.js";
import type { LimitStore } from "./limit-store.js";
import { Limiter } from "./limiter.js";
import { answerTokensAtMost, promptTokensAtMost, worstCaseUsd } from "./worst-case-cost.js";

/** What a client's calls have to pass before they are sent, and what reckons with their cost beforehand. */
export interface Gates {
  readonly limiter: Limiter;
  readonly budgets: Budgets;
  /** Every counter is in this process: asking takes no time. */
  readonly areLocal: boolean;
  readonly promptTokensAtMost: typeof promptTokensAtMost;
  readonly answerTokensAtMost: typeof answerTokensAtMost;
  readonly worstCaseUsd: typeof worstCaseUsd;
}

/** Where the counters are kept; in memory where nothing is given. */
export interface GateOptions {
  limitStore: LimitStore | undefined;
  budgetStore: BudgetStore | undefined;
  clock: Clock;
}

/** The gates of one client, shut to nobody yet. */
export function openGates({ limitStore, budgetStore, clock }: GateOptions): Gates {
  return {
    limiter: new Limiter({ store: limitStore, clock }),
    budgets: new Budgets({ store: budgetStore, clock }),
    areLocal: limitStore === undefined && budgetStore === undefined,
    promptTokensAtMost,
    answerTokensAtMost,
    worstCaseUsd,
  };
}
