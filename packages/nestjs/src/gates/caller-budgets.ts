import type { ExecutionContext } from "@nestjs/common";
import type { Budget } from "@signalbox/core";
import { callerOf } from "./caller.js";
import type { Gate } from "./gate-metadata.js";
import type { LLMBudgetRule } from "./llm-budget-rule.js";

/** The budgets of who asks; undefined where one of them is nobody's. */
export function callerBudgets(gate: Gate<LLMBudgetRule>, context: ExecutionContext): Budget[] | undefined {
  const budgets = gate.rules.map(({ key, ...rule }): Budget | undefined => {
    if (typeof key !== "function") return key === undefined ? rule : { ...rule, key };
    const whose = key(callerOf(context) as never, context);
    return whose === undefined ? undefined : { ...rule, key: whose };
  });
  return budgets.every((budget) => budget !== undefined) ? budgets : undefined;
}
