/** Arguments as an object, or the reason why they are none. */
export type ParsedArguments = { ok: true; value: Record<string, unknown> } | { ok: false };

/** What may spell `__proto__`: itself, or any sign written as an escape. */
const MAY_NAME_PROTO = /__proto__|\\u/;

/**
 * Reads a call's arguments: empty text is `{}`, a whole JSON object is itself, anything else is invalid.
 * A `__proto__` key is dropped, so that copying the arguments cannot swap a prototype.
 */
export function parseArguments(raw: string): ParsedArguments {
  if (raw.trim() === "") return { ok: true, value: {} };
  try {
    const value: unknown = MAY_NAME_PROTO.test(raw) ? JSON.parse(raw, withoutProto) : JSON.parse(raw);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { ok: true, value: value as Record<string, unknown> };
  } catch {
    // What is no JSON is as invalid as JSON that is no object.
  }
  return { ok: false };
}

/** Arguments as text: services send objects too, and nothing at all. */
export function argumentsText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function withoutProto(this: unknown, key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}
