import { memoryBudgetStore } from "../src/limits/memory-budget-store.js";
import { memoryLimitStore } from "../src/limits/memory-limit-store.js";
import { budgetStoreContract } from "./budget-store-contract.js";
import { limitStoreContract } from "./limit-store-contract.js";
import { ManualClock } from "./manual-clock.js";

function timed() {
  const clock = new ManualClock();
  return { clock, now: () => clock.date(), advance: (ms: number) => clock.advance(ms) };
}

budgetStoreContract("memory", () => {
  const { clock, ...time } = timed();
  return { store: memoryBudgetStore(clock), ...time };
});

limitStoreContract("memory", { windows: "sliding" }, () => {
  const { clock, ...time } = timed();
  return { store: memoryLimitStore(clock), ...time };
});
