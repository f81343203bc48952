import fc from "fast-check";
import { expect, test } from "vitest";
import { progressBands, withinBand } from "./progress-bands.js";

test("S16 six equal steps have the bands of the original guide", () => {
  const rounded = progressBands([1, 1, 1, 1, 1, 1]).map(({ start, end }) =>
    [start, end].map((at) => Math.round(at * 10) / 10),
  );
  expect(rounded).toEqual([
    [0, 16.7],
    [16.7, 33.3],
    [33.3, 50],
    [50, 66.7],
    [66.7, 83.3],
    [83.3, 100],
  ]);
});

test("bands lie side by side from 0 to 100 and hold every fraction", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1 }),
      fc.double(),
      (weights, fraction) => {
        const bands = progressBands(weights);
        expect(bands[0]?.start).toBe(0);
        expect(bands.at(-1)?.end).toBeCloseTo(100, 9);
        bands.forEach((band, index) => {
          expect(band.start).toBe(bands[index - 1]?.end ?? 0);
          const at = withinBand(band, fraction);
          expect(at >= band.start && at <= band.end).toBe(true);
        });
      },
    ),
  );
});
