const scale = 18;
const unit = 10n ** BigInt(scale);

/** USD in units of 1e-18: sums of prices stay exact, whatever their number. */
export type Money = bigint;

/** Reads a decimal string such as `0.00000025`, or a number. */
export function money(decimal: string | number): Money {
  const text = typeof decimal === "number" ? decimal.toFixed(12) : decimal;
  const [whole = "0", fraction = ""] = text.split(".");
  const sign = whole.startsWith("-") ? -1n : 1n;
  return sign * (BigInt(whole.replace("-", "") || "0") * unit + BigInt(fraction.padEnd(scale, "0").slice(0, scale)));
}

/** The number whose shortest spelling is the exact amount, rounded to 1e-12 USD. */
export function usd(amount: Money): number {
  const negative = amount < 0n;
  const rounded = ((negative ? -amount : amount) + 500_000n) / 1_000_000n;
  const text = rounded.toString().padStart(13, "0");
  return Number(`${negative ? "-" : ""}${text.slice(0, -12)}.${text.slice(-12)}`);
}
