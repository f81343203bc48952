import { describe, expect, test } from "vitest";
import { heldHeap } from "../../test/held-heap.js";
import { perMillion, priceOfTokens, shareOf, toMoney, toNumber } from "./money.js";

describe("what counts as an amount", () => {
  test("every usual form of a decimal", () => {
    const forms = [
      "1.5",
      "+1.5",
      " 1.5\n",
      "01.50",
      "15e-1",
      "15E-1",
      "0.15e1",
      "0.15e+1",
      ".15e1",
      "1.5e0",
      "1.5e0000",
    ];
    for (const form of forms) expect(toMoney(form), form).toBe(toMoney(1.5));
    expect([toMoney("-1.5"), toMoney("2."), toMoney("2e3")]).toEqual([toMoney(-1.5), toMoney(2), toMoney(2_000)]);
  });

  test("a whole number of 10^-24 USD", () => {
    expect([toMoney("1e-24"), toMoney("12e-24"), toMoney(1)]).toEqual([1n, 12n, 10n ** 24n]);
    expect([toMoney("5e-25"), toMoney("4e-25"), toMoney("-5e-25"), toMoney("1e-9999")]).toEqual([1n, 0n, -1n, 0n]);
  });

  test("amounts below 10^15 in size, zeros of any", () => {
    const most = 999_999_999_999_999;
    expect(toMoney(most)).toBe(BigInt(most) * 10n ** 24n);
    expect(toMoney(-most)).toBe(-BigInt(most) * 10n ** 24n);
    for (const large of [1e15, -1e15, "1000000000000000", "1e15", "0.1e16", 1e300]) {
      expect(toMoney(large), String(large)).toBeUndefined();
    }
    expect([toMoney("0e9999"), toMoney("-0"), toMoney("0.000")]).toEqual([0n, 0n, 0n]);
  });

  test("texts of up to 400 characters and exponents of up to four digits", () => {
    expect(toMoney("0".repeat(400))).toBe(0n);
    expect(toMoney("0".repeat(401))).toBeUndefined();
    expect(toMoney(`  ${"0".repeat(400)}  `)).toBe(0n);
    expect(toMoney("0e99999")).toBeUndefined();
  });

  test("signs and points alone, and anything around a number, are none", () => {
    for (const none of ["+", "-", "e5", ".e5", "-.", "1 2", "$1", "1$", "1.2.3", "1e", "1e+", "1e1.5", "1_000"]) {
      expect(toMoney(none), none).toBeUndefined();
    }
  });
});

test("a debt is the number below zero, and no debt is no negative zero", () => {
  expect([toNumber(-15n * 10n ** 23n), toNumber(-1n), toNumber(0n)]).toEqual([-1.5, -1e-24, 0]);
  expect(Object.is(toNumber(0n), 0)).toBe(true);
});

test("tokens below a price's last decimal are rounded half away from zero", () => {
  expect([priceOfTokens(1e-18, 1), priceOfTokens(1.5e-18, 1), priceOfTokens(1.4e-18, 1)]).toEqual([1n, 2n, 1n]);
  expect([priceOfTokens(-3, 1), priceOfTokens(-1.5e-18, 1)]).toEqual([-3n * 10n ** 18n, -2n]);
  expect([priceOfTokens(Number.NaN, 5), priceOfTokens(3, 0)]).toEqual([0n, 0n]);
});

test("a share of an amount is exact, nothing of it is nothing, and all of it is itself", () => {
  const amount = toMoney("0.3") ?? 0n;
  expect([shareOf(amount, 0.1), shareOf(amount, 0), shareOf(amount, 1)]).toEqual([toMoney("0.03"), 0n, amount]);
  expect([shareOf(1n, 0.5), shareOf(1n, 0.4), shareOf(amount, Number.NaN)]).toEqual([1n, 0n, 0n]);
});

test("what is no price per token is none per million either", () => {
  expect([perMillion("free"), perMillion(""), perMillion(-1e-9)]).toEqual([undefined, undefined, undefined]);
});

test("an amount read again is the same, however many others were read in between, and those are not all kept", () => {
  const amounts = Array.from({ length: 50_000 }, (_, index) => index / 8);
  const exact = (amount: number) => BigInt(amount * 8) * 125n * 10n ** 21n;
  const before = heldHeap();
  for (const amount of amounts) toMoney(amount);
  expect(heldHeap() - before).toBeLessThan(1_000_000);
  for (const round of [1, 2]) {
    expect([0, -0, 0.125, 62.5, 6_249.875].map(toMoney), `${round}`).toEqual([0, 0, 0.125, 62.5, 6_249.875].map(exact));
    expect([Number.NaN, Number.POSITIVE_INFINITY, 1e15].map(toMoney), `${round}`).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  }
});
