import type { Budget } from "./budget-store.js";

/** A calendar window in UTC: its name, and when it ends (wall-clock milliseconds; absent: never). */
export interface BudgetWindow {
  name: string;
  resetsAt?: number | undefined;
}

const HOUR_MS = 3_600_000;
type Calendar = Exclude<Budget["per"], "request">;
/** The windows of one hour: nearly every call asks for the same. */
let hour = Number.NaN;
const windows = new Map<Calendar, BudgetWindow>();

/** The hour of the world's time that `date` (wall-clock milliseconds) lies in: no window begins or ends within it. */
export const hourOf = (date: number): number => Math.floor(date / HOUR_MS);

/** The window that `date` (wall-clock milliseconds) lies in. */
export function budgetWindow(per: Calendar, date: number): BudgetWindow {
  const now = hourOf(date);
  if (now !== hour) {
    hour = now;
    windows.clear();
  }
  let window = windows.get(per);
  if (window === undefined) {
    window = windowOf(per, date);
    windows.set(per, window);
  }
  return window;
}

function windowOf(per: Calendar, date: number): BudgetWindow {
  const at = new Date(date);
  const [year, month, day, hour] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours()];
  const stamp = at.toISOString();
  switch (per) {
    case "hour":
      return { name: stamp.slice(0, 13), resetsAt: Date.UTC(year, month, day, hour + 1) };
    case "day":
      return { name: stamp.slice(0, 10), resetsAt: Date.UTC(year, month, day + 1) };
    case "month":
      return { name: stamp.slice(0, 7), resetsAt: Date.UTC(year, month + 1) };
    case "total":
      return { name: "total" };
  }
}
