// 24 decimals hold every digit that a double of a hundredth of a cent can print, so that parsing never rounds.
const DECIMALS = 24;
const ONE = 10n ** BigInt(DECIMALS);

/** Money as a whole number of 10^-24 USD: sums and products of it are exact. */
export type Money = bigint;

/** Most amounts are whole numbers of 10^-12 USD, few enough for a double: those need no digits to be written out. */
const UNITS = 1e12;
const UNIT = ONE / BigInt(UNITS);
/** Every decimal of 15 digits has a double of its own. */
const MOST_UNITS = 999_999_999_999_999;

const NUMBER = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:e([+-]?\d{1,4}))?$/i;

/** Amounts that were read lately: prices and limits come again with every call. */
const READ = new Map<number, Money | undefined>();
const MOST_READ = 512;
/** In units. People write whole ones; what calls cost is hardly ever one, and does not come again. */
const MICRODOLLAR = 1e6;

/**
 * Reads a price or an amount, a number or a decimal string, digit by digit. Undefined for anything that is no
 * finite amount below 10^15.
 */
export function toMoney(value: number | string): Money | undefined {
  if (typeof value !== "number") return readMoney(value);
  const known = READ.get(value);
  if (known !== undefined) return known;
  const units = Math.round(value * UNITS);
  const isWhole = units / UNITS === value && Math.abs(units) <= MOST_UNITS;
  const money = isWhole ? BigInt(units) * UNIT : readMoney(value);
  if (isWhole && units % MICRODOLLAR !== 0) return money;
  if (READ.size >= MOST_READ) READ.clear();
  READ.set(value, money);
  return money;
}

function readMoney(value: number | string): Money | undefined {
  const text = String(value).trim();
  const match = text.length > 400 ? null : NUMBER.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction, exponent] = match as unknown as [string, string, string, string, string | undefined];
  const digits = BigInt(`${whole}${fraction}`);
  const shift = DECIMALS - fraction.length + Number(exponent ?? 0);
  if (digits !== 0n && shift + digits.toString().length > DECIMALS + 15) return undefined;
  const power = 10n ** BigInt(Math.abs(shift));
  const magnitude = shift < 0 ? divide(digits, power) : digits * power;
  return sign === "-" ? -magnitude : magnitude;
}

/** The double nearest to the exact amount. */
export function toNumber(money: Money): number {
  if (money < 0n) return -toNumber(-money);
  const units = unitsOf(money);
  if (units <= MOST_UNITS) return units / UNITS;
  const fraction = (money % ONE).toString().padStart(DECIMALS, "0");
  return Number(`${money / ONE}.${fraction}`);
}

/** The exact sum of amounts in USD; what is no finite number counts as nothing. */
export function addUsd(...amounts: readonly (number | undefined)[]): number {
  let sum = 0n;
  for (const amount of amounts) sum += toMoney(amount ?? 0) ?? 0n;
  return toNumber(sum);
}

/** What `tokens` cost at a price in USD per million tokens. */
export function priceOfTokens(usdPerMillion: number, tokens: number): Money {
  return divide((toMoney(usdPerMillion) ?? 0n) * BigInt(Math.max(0, Math.ceil(tokens))), 1_000_000n);
}

/** A price that is multiplied again and again. */
export interface Rate {
  readonly money: Money;
  /** The same in units of 10^-12 USD, where that is a whole number; else NaN. */
  readonly units: number;
}

export const rateOf = (money: Money): Rate => ({ money, units: unitsOf(money) });

/** NaN where it is no whole number of them; beyond `MOST_UNITS` it is rounded. */
function unitsOf(money: Money): number {
  const units = money / UNIT;
  return units * UNIT === money ? Number(units) : Number.NaN;
}

/**
 * What so many of one thing and so many of another cost together with fees, in USD, none of it negative; reckoned in
 * doubles where those are exact.
 */
export function priceOfBoth(one: Rate, ones: number, other: Rate, others: number, fees: Money): number {
  const units = one.units * ones + other.units * others;
  if (fees === 0n && units <= MOST_UNITS) return units / UNITS;
  return toNumber(one.money * BigInt(ones) + other.money * BigInt(others) + fees);
}

/** The share of an amount, `part` from 0 to 1, rounded half up at the last decimal. */
export function shareOf(amount: Money, part: number): Money {
  return divide(amount * (toMoney(part) ?? 0n), ONE);
}

/** USD per million tokens from a price per token, exact. Undefined where it is no price. */
export function perMillion(usdPerToken: number | string): number | undefined {
  const money = toMoney(usdPerToken);
  return money === undefined || money < 0n ? undefined : toNumber(money * 1_000_000n);
}

/** Division by a positive amount, rounded half away from zero at the last decimal. */
function divide(amount: bigint, by: bigint): bigint {
  if (amount < 0n) return -divide(-amount, by);
  return (amount * 2n + by) / (by * 2n);
}
