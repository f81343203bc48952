/** The value as a count or an amount, where it is one: a finite number of 0 or more. Strings are none. */
export function amountOf(value: unknown): number | undefined {
  // -0 becomes 0: it prints as "-0" in some formats.
  return typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY ? value + 0 : undefined;
}

/** The value as a number of tokens: a whole number of 0 or more that a double holds exactly. */
export function countOf(value: unknown): number | undefined {
  const amount = amountOf(value);
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** The value as a record, where it is one; arrays are none. */
export function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
