import type { Limits } from "./limit-store.js";

/** Whether anything may hold a call back: limits that were set, or those of OpenRouter's free models. */
export function isLimited(limits: Limits | false | undefined, model: string, providerName: string): boolean {
  if (limits === false) return false;
  const isSet = limits?.requestsPerMinute !== undefined || limits?.maxConcurrency !== undefined;
  return isSet || hasAmounts(limits) || (providerName === "openrouter" && isFreeModel(model));
}

/** Whether calls are limited by what they may use or cost, which is to be reckoned then. */
export const hasAmounts = (limits: Limits | false | undefined) =>
  limits !== false && ((limits?.tokensPerMinute ?? 0) > 0 || (limits?.usdPerMinute ?? 0) > 0);

/** Whether an id has the variant `free`. */
export const isFreeModel = (model: string) => /:free(?=[:@]|$)/.test(model);
