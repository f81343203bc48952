import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addUsd, perMillion, priceOfBoth, priceOfTokens, rateOf, toMoney, toNumber } from "./money.js";

describe("money", () => {
  test("sums of decimals are exact", () => {
    expect(addUsd(0.1, 0.2)).toBe(0.3);
    expect(addUsd(...Array.from({ length: 10_000 }, () => 0.0000029))).toBe(0.029);
    expect(addUsd(1e-7, 2e-7, undefined)).toBe(3e-7);
    expect(addUsd(5, -4.99)).toBe(0.01);
  });

  test("what is no finite amount counts as nothing", () => {
    expect(addUsd(1, Number.NaN, Number.POSITIVE_INFINITY, 1e300)).toBe(1);
    for (const text of ["", ".", "1e", "0x10", "1,5", "NaN", "Infinity", "1e999", "--1", " ", "1".repeat(500)]) {
      expect(toMoney(text), text).toBeUndefined();
    }
  });

  test("prices per token become prices per million without a trace of binary fractions", () => {
    expect(perMillion("0.00000025")).toBe(0.25);
    expect(perMillion("0.000003")).toBe(3);
    expect(perMillion(2.9e-6)).toBe(2.9);
    expect(perMillion("0")).toBe(0);
    expect(perMillion("-1")).toBeUndefined();
  });

  test("tokens are multiplied exactly and counted up to whole ones", () => {
    expect(toNumber(priceOfTokens(0.25, 1_000_000) + priceOfTokens(1.25, 1_000_000))).toBe(1.5);
    expect(toNumber(priceOfTokens(0.15, 3))).toBe(4.5e-7);
    expect(toNumber(priceOfTokens(3, 0.2))).toBe(0.000003);
    expect(toNumber(priceOfTokens(3, -5))).toBe(0);
  });

  test("a number survives the way there and back", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (amount) => {
        const money = toMoney(amount);
        // Below 10^-24 USD nothing is kept.
        expect(money === undefined ? undefined : toNumber(money)).toBeCloseTo(amount, 12);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 9 }), (digits, decimals) => {
        const amount = Number(`${digits}e-${decimals}`);
        expect(toNumber(toMoney(amount) ?? 1n) + 0).toBe(amount + 0);
      }),
    );
  });

  test("an amount is the same as a number and as its digits", () => {
    const amounts = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc
        .tuple(fc.integer({ min: -1e15, max: 1e15 }), fc.integer({ min: 0, max: 18 }))
        .map(([n, d]) => Number(`${n}e-${d}`)),
    );
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(toMoney(amount)).toBe(toMoney(String(amount)));
      }),
      { numRuns: 2_000 },
    );
    expect(toMoney(0.1 + 0.2)).toBe(300_000_000_000_000_040_000_000n);
    expect(toMoney(999.999999999999)).toBe(999_999_999_999_999_000_000_000_000n);
  });

  test("what comes out is the double nearest to the digits", () => {
    const digits = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(digits, ([whole, zeros]) => {
        const money = whole * 10n ** BigInt(zeros);
        const text = money.toString().padStart(25, "0");
        expect(toNumber(money)).toBe(Number(`${text.slice(0, -24)}.${text.slice(-24)}`));
        expect(toNumber(-money) + 0).toBe(-toNumber(money) + 0);
      }),
    );
  });

  test("two prices times their counts, and fees, are what their digits give, however small or large they are", () => {
    const price = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 0, max: 24 }));
    const counts = fc.tuple(fc.maxSafeNat(), fc.nat(1e6), fc.nat(1e6)).map(([a, b, c]) => [b, c, a] as const);
    fc.assert(
      fc.property(price, price, counts, fc.boolean(), ([a, zerosA], [b, zerosB], [few, more, many], isLarge) => {
        const [one, other] = [a * 10n ** BigInt(zerosA), b * 10n ** BigInt(zerosB)];
        const [ones, others] = isLarge ? [many, few] : [few, more];
        const exact = one * BigInt(ones) + other * BigInt(others);
        for (const fees of [0n, 1n, 10n ** 24n])
          expect(priceOfBoth(rateOf(one), ones, rateOf(other), others, fees)).toBe(toNumber(exact + fees));
      }),
      { numRuns: 2_000 },
    );
  });

  test("sums do not depend on the order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }).map((n) => n / 1e9)), (amounts) => {
        expect(addUsd(...amounts)).toBe(addUsd(...amounts.toReversed()));
      }),
    );
  });
});
