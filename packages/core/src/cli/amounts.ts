/** `$0.25`, `$0.000004`; an absent amount is a dash. Never in exponents: people compare these by eye. */
export function dollars(usd: number | undefined): string {
  if (usd === undefined) return "-";
  if (usd === 0) return "$0";
  const size = Math.abs(usd);
  const digits = size >= 1 ? 2 : Math.min(12, 2 - Math.floor(Math.log10(size)));
  return `${usd < 0 ? "-" : ""}$${size.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}

/** `200K`, `1.05M`; an absent count is a dash. */
export function count(value: number | undefined): string {
  if (value === undefined) return "-";
  if (value < 10_000) return String(value);
  const [size, unit] = value < 999_995 ? [1e3, "K"] : [1e6, "M"];
  return `${Number((value / size).toFixed(2))}${unit}`;
}

/** `0.42 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
