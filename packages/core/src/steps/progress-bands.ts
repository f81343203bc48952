/** The part of 0 to 100 that belongs to a step. */
export interface ProgressBand {
  readonly start: number;
  readonly end: number;
}

/** One band a weight, side by side, from 0 to 100. */
export function progressBands(weights: readonly number[]): ProgressBand[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  return weights.map((weight) => {
    const start = (before / total) * 100;
    before += weight;
    return { start, end: (before / total) * 100 };
  });
}

/** A place in a band; `fraction` outside 0 to 1 is brought inside. */
export function withinBand({ start, end }: ProgressBand, fraction: number): number {
  const inside = Math.min(1, Math.max(0, Number.isNaN(fraction) ? 0 : fraction));
  // The sum of rounded parts may lie a hair above the end.
  return Math.min(end, start + (end - start) * inside);
}
