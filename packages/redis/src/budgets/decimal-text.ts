const DECIMALS = 24;
/** What does not fit into the counters: as many whole digits as core counts money with. */
const WHOLE_DIGITS = 15;
const NUMBER = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/**
 * An amount in USD digit by digit, without an exponent, to 24 decimals (rounded half up): what the scripts add up.
 * Undefined for what is no amount below 10^15; less than nothing is nothing.
 */
export function decimalText(usd: number): string | undefined {
  if (usd <= 0) return "0";
  const match = NUMBER.exec(String(usd));
  if (match === null) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const shift = DECIMALS - fraction.length + Number(exponent);
  let units = BigInt(whole + fraction);
  if (shift >= 0) units *= 10n ** BigInt(shift);
  else units = (units * 2n + 10n ** BigInt(-shift)) / (2n * 10n ** BigInt(-shift));
  const digits = units.toString().padStart(DECIMALS + 1, "0");
  if (digits.length > DECIMALS + WHOLE_DIGITS) return undefined;
  const rest = digits.slice(-DECIMALS).replace(/0+$/, "");
  return rest === "" ? digits.slice(0, -DECIMALS) : `${digits.slice(0, -DECIMALS)}.${rest}`;
}
