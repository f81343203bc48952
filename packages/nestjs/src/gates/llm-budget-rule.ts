import type { Budget } from "@signalbox/core";
import type { CallerKey } from "./gate-metadata.js";

export const LLM_BUDGET = "signalbox:llm-budget";

/** A budget of core whose `key` may depend on who asks. */
export interface LLMBudgetRule extends Omit<Budget, "key"> {
  /**
   * Whose budget it is: a name, or a function of who asks; nobody for whom it gives undefined gets in (403).
   * @default the user of the module's `scope`, else the API key
   */
  key?: string | CallerKey | undefined;
}
