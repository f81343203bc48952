import { SetMetadata, UseInterceptors } from "@nestjs/common";
import { ConfigurationError } from "@signalbox/core";
import { checkOptions, type OptionRules } from "@signalbox/core/node";
import { type Gate, type GateOptions, placeOf } from "./gate-metadata.js";
import { LLMBudgetInterceptor } from "./llm-budget.interceptor.js";
import { LLM_BUDGET, type LLMBudgetRule } from "./llm-budget-rule.js";

const OPTIONS: OptionRules<LLMBudgetRule> = {
  usd: "anything",
  per: "anything",
  key: "anything",
  unknownPrice: "anything",
};
const WINDOWS: readonly string[] = ["request", "hour", "day", "month", "total"];

/**
 * Bounds what the model calls of a handler, or of every handler of a class, may cost.
 *
 * Shape: every call that is made in the handler, however deep, carries the budgets beside those it has anyway. A
 * budget counts together with all others of the same client, key and window; give it a `key` for a purse of its own.
 * What stands on a method replaces what stands on its class. Asked after all guards, before the pipes. Works in controllers, resolvers and gateways.
 * Throws: `budget_exceeded` (402, `Retry-After`, by `LLMExceptionFilter`) from the call that could go beyond it, which
 * is not sent; Nest's own 403 before the handler where `key` names nobody; `invalid_config` for a budget that makes no
 * sense, where it is written.
 */
export function LLMBudget(
  budget: LLMBudgetRule | readonly LLMBudgetRule[],
  { client }: GateOptions = {},
): MethodDecorator & ClassDecorator {
  const rules: readonly LLMBudgetRule[] = Array.isArray(budget) ? budget : [budget as LLMBudgetRule];
  for (const rule of rules) checkRule(rule);
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const gate: Gate<LLMBudgetRule> = { rules, client, place: placeOf(target, key) };
    for (const decorate of [SetMetadata(LLM_BUDGET, gate), UseInterceptors(LLMBudgetInterceptor)])
      decorate(target as never, key as never, descriptor as never);
  };
}

/** Leaves a handler out of the `@LLMBudget()` of its class. */
export const SkipLLMBudget = (): MethodDecorator => SetMetadata(LLM_BUDGET, false);

function checkRule(rule: LLMBudgetRule): void {
  checkOptions("@LLMBudget()", rule, OPTIONS);
  const { usd, per } = rule;
  if (!(usd >= 0 && Number.isFinite(usd))) {
    throw new ConfigurationError("invalid_config", "@LLMBudget(): `usd` is a number of 0 or more");
  }
  if (!WINDOWS.includes(per)) {
    throw new ConfigurationError("invalid_config", `@LLMBudget(): \`per\` is one of ${WINDOWS.join(", ")}`);
  }
}
