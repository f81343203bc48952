export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";

/** The JSON type of a value. */
export function typeOfJson(value: unknown): JsonType {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "boolean" || type === "number" || type === "string" ? type : "object";
}

/** Whether a value is of a type that a schema names. `integer` is a number without a fraction. */
export function isOfType(value: unknown, type: unknown): boolean {
  return type === "integer" ? Number.isInteger(value) : typeOfJson(value) === type;
}
