import type { StopCondition } from "../generate/generate-request.js";
import { addUsd } from "../usage/money.js";

/** Ends the loop after `count` steps. */
export const stepCountIs =
  (count: number): StopCondition =>
  ({ steps }) =>
    steps.length >= count;

/** Ends the loop after a step that called the tool `name`. */
export const hasToolCall =
  (name: string): StopCondition =>
  ({ steps }) =>
    steps.at(-1)?.toolCalls.some((call) => call.name === name) ?? false;

/** Ends the loop once the steps have cost `usd` or more, added exactly; steps without a known cost count as 0. */
export const maxCost =
  (usd: number): StopCondition =>
  ({ steps }) =>
    addUsd(...steps.map((step) => step.cost?.totalUsd)) >= usd;
