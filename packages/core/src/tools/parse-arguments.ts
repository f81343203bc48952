/** Arguments as an object, or the reason why they are none. */
export type ParsedArguments = { ok: true; value: Record<string, unknown> } | { ok: false };

/**
 * Reads a call's arguments: empty text is `{}`, a whole JSON object is itself, anything else is invalid.
 * A `__proto__` key is dropped, so that copying the arguments cannot swap a prototype.
 */
export function parseArguments(raw: string): ParsedArguments {
  if (raw.trim() === "") return { ok: true, value: {} };
  let value: unknown;
  try {
    value = raw.includes("__proto__") ? JSON.parse(raw, withoutProto) : JSON.parse(raw);
  } catch {
    return { ok: false };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { ok: false };
  return { ok: true, value: value as Record<string, unknown> };
}

function withoutProto(this: unknown, key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}
