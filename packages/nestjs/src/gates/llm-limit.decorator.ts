import { SetMetadata, UseInterceptors } from "@nestjs/common";
import { ConfigurationError } from "@signalbox/core";
import { checkOptions, type OptionRules } from "@signalbox/core/node";
import { type Gate, type GateOptions, placeOf } from "./gate-metadata.js";
import { LLMLimitInterceptor } from "./llm-limit.interceptor.js";
import { LLM_LIMIT, type LLMLimitRule } from "./llm-limit-rule.js";

const OPTIONS: OptionRules<LLMLimitRule> = {
  requestsPerMinute: "anything",
  maxConcurrency: "anything",
  key: "anything",
};

/**
 * Bounds how often one caller may ask a handler, or the handlers of a class together. Counts requests of the
 * application; for those to the model there are the client's `limits`.
 *
 * Shape: windows slide, and are kept in the `limitStore` given to `LLMModule`, else in this process; they go by the name
 * of the class and method. What stands on a method replaces what stands on its class.
 * Throws: `rate_limit` (429, `Retry-After`) after all guards, before pipes and the handler; `provider_error` where the store fails.
 * `LLMExceptionFilter` answers them. `invalid_config` for a bound that is not a whole number of 1 or more.
 */
export function LLMLimit(
  limit: LLMLimitRule | readonly LLMLimitRule[],
  { client }: GateOptions = {},
): MethodDecorator & ClassDecorator {
  const rules: readonly LLMLimitRule[] = Array.isArray(limit) ? limit : [limit as LLMLimitRule];
  for (const rule of rules) {
    checkOptions("@LLMLimit()", rule, OPTIONS);
    checkBound("requestsPerMinute", rule.requestsPerMinute);
    checkBound("maxConcurrency", rule.maxConcurrency);
  }
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const gate: Gate<LLMLimitRule> = { rules, client, place: placeOf(target, key) };
    for (const decorate of [SetMetadata(LLM_LIMIT, gate), UseInterceptors(LLMLimitInterceptor)])
      decorate(target as never, key as never, descriptor as never);
  };
}

/** Leaves a handler out of the `@LLMLimit()` of its class. */
export const SkipLLMLimit = (): MethodDecorator => SetMetadata(LLM_LIMIT, false);

function checkBound(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return;
  throw new ConfigurationError("invalid_config", `@LLMLimit(): \`${name}\` is a whole number of 1 or more`);
}
