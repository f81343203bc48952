import { describe, expect, it } from "vitest";
import { money, usd } from "./exact-money.js";

describe("exact money", () => {
  it("sums prices without dust", () => {
    expect(usd(money("0.1") + money("0.2"))).toBe(0.3);
    expect(usd(BigInt(3_000_007) * money("0.00000015"))).toBe(0.45000105);
    expect(usd(money("0.00000002") * 3n)).toBe(6e-8);
  });

  it("reads numbers and signs, and rounds to 1e-12", () => {
    expect(usd(money(1.25))).toBe(1.25);
    expect(usd(money("-0.5"))).toBe(-0.5);
    expect(usd(money("0.0000000000014"))).toBe(1e-12);
    expect(usd(money("12"))).toBe(12);
  });
});
