import { type Money, toMoney } from "../usage/money.js";

const DECIMALS = 24;

/** An exact amount as people write it: no exponent, no zero too many. */
export function decimalText(money: Money): string {
  if (money < 0n) return `-${decimalText(-money)}`;
  const digits = money.toString().padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, "");
  return fraction === "" ? digits.slice(0, -DECIMALS) : `${digits.slice(0, -DECIMALS)}.${fraction}`;
}

/** The same of a number of USD; undefined for one that is no amount. */
export function usdText(usd: number): string | undefined {
  const money = toMoney(usd);
  return money === undefined ? undefined : decimalText(money);
}
