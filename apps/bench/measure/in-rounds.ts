import type { Figures } from "../scenarios/scenario.ts";

/** One value for each time that was measured, by metric. */
export type Values = Record<string, number[]>;

/** Adds what was measured once more. */
export function addFigures(values: Values, figures: Figures): void {
  for (const [key, value] of Object.entries(figures)) {
    values[key] ??= [];
    values[key].push(value);
  }
}

/** Measures so often, one after the other. */
export async function inRounds(rounds: number, measure: () => Promise<Figures>): Promise<Values> {
  const values: Values = {};
  for (let round = 0; round < rounds; round += 1) addFigures(values, await measure());
  return values;
}
