// 24 decimals hold every digit that a double of a hundredth of a cent can print, so that parsing never rounds.
const DECIMALS = 24;
const ONE = 10n ** BigInt(DECIMALS);

/** Money as a whole number of 10^-24 USD: sums and products of it are exact. */
export type Money = bigint;

const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,4}))?$/i;

/**
 * Reads a price or an amount, a number or a decimal string, digit by digit. Undefined for anything that is no
 * finite amount below 10^15.
 */
export function toMoney(value: number | string): Money | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return undefined;
  const text = typeof value === "number" ? String(value) : value.trim();
  const match = text.length > 400 ? null : NUMBER.exec(text);
  if (!match || `${match[2]}${match[3]}` === "") return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = BigInt(`${whole}${fraction}`);
  const shift = DECIMALS - fraction.length + Number(exponent);
  if (digits !== 0n && shift + digits.toString().length > DECIMALS + 15) return undefined;
  const magnitude =
    digits === 0n ? 0n : shift >= 0 ? digits * 10n ** BigInt(shift) : divide(digits, 10n ** BigInt(-shift));
  return sign === "-" ? -magnitude : magnitude;
}

/** The double nearest to the exact amount. */
export function toNumber(money: Money): number {
  const magnitude = money < 0n ? -money : money;
  const fraction = (magnitude % ONE).toString().padStart(DECIMALS, "0");
  const value = Number(`${magnitude / ONE}.${fraction}`);
  return money < 0n ? -value : value;
}

/** The exact sum of amounts in USD; what is no finite number counts as nothing. */
export function addUsd(...amounts: readonly (number | undefined)[]): number {
  let sum = 0n;
  for (const amount of amounts) sum += (amount === undefined ? undefined : toMoney(amount)) ?? 0n;
  return toNumber(sum);
}

/** What `tokens` cost at a price in USD per million tokens. */
export function priceOfTokens(usdPerMillion: number, tokens: number): Money {
  return divide((toMoney(usdPerMillion) ?? 0n) * BigInt(Math.max(0, Math.ceil(tokens))), 1_000_000n);
}

/** USD per million tokens from a price per token, exact. Undefined where it is no price. */
export function perMillion(usdPerToken: number | string): number | undefined {
  const money = toMoney(usdPerToken);
  return money === undefined || money < 0n ? undefined : toNumber(money * 1_000_000n);
}

/** Division of non-negative amounts, rounded half up at the last decimal. */
function divide(amount: bigint, by: bigint): bigint {
  return amount < 0n ? -divide(-amount, by) : (amount * 2n + by) / (by * 2n);
}
