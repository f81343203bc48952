import { redactSecrets } from "../errors/redact-secrets.js";

const REDACTED = "[redacted]";
const UNREADABLE = "[unreadable]";

/** The last words of a name that holds a secret whatever its value looks like. `promptTokens` and `key` (a hash) do not. */
const SECRET_NAME =
  /(?:^|-)(?:(?:proxy)?authorization|(?:set)?cookie2?|x?api-?key|(?:access|refresh|id|auth|session)-?token|(?:client)?secret|secret-?key|(?:secret-?)?access-?key|pass(?:word|phrase)|private-?key)$/i;

/** Deeper than any field of ours. */
const MAX_DEPTH = 8;

/**
 * A copy of a log line's fields that JSON can hold, without secrets: by the name of a field, or by how a text looks.
 * Errors keep their name, message and code. Never throws: what cannot be read is told to be `[unreadable]`.
 */
export function redactedFields(fields: object): Record<string, unknown> {
  try {
    return copyOf(fields, new Set([fields]));
  } catch {
    return { fields: UNREADABLE };
  }
}

function copyOf(fields: object, above: Set<object>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const isSecret = SECRET_NAME.test(name.replace(/([a-z\d])([A-Z])/g, "$1-$2").replaceAll("_", "-"));
    copy[redactSecrets(name)] = isSecret ? REDACTED : redacted(readOf(fields, name), above);
  }
  return copy;
}

/** A property that fails when it is read is told to do so. */
function readOf(fields: object, name: string | number): unknown {
  try {
    return (fields as Record<string | number, unknown>)[name];
  } catch {
    return UNREADABLE;
  }
}

function redacted(value: unknown, above: Set<object>): unknown {
  if (typeof value === "string") return redactSecrets(value);
  if (typeof value === "bigint") return String(value);
  // A `toJSON` among the fields would decide what stands in the line.
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (above.has(value)) return "[circular]";
  if (above.size >= MAX_DEPTH) return "[too deep]";
  above.add(value);
  try {
    return jsonOf(value, above);
  } catch {
    return UNREADABLE;
  } finally {
    above.delete(value);
  }
}

function jsonOf(value: object, above: Set<object>): unknown {
  // A boxed text has its letters as fields, and none of them is a secret.
  if (value instanceof String) return redactSecrets(String.prototype.valueOf.call(value));
  // Letters too, and many of them.
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[invalid date]" : value.toISOString();
  if (value instanceof Error) return copyOf(toldOf(value), above);
  if (value instanceof Map)
    return copyOf(Object.fromEntries([...value].map(([key, item]) => [textOf(key), item])), above);
  if (value instanceof Set) return [...value].map((item) => redacted(item, above));
  if (Array.isArray(value)) return Array.from(value.keys(), (index) => redacted(readOf(value, index), above));
  return copyOf(value, above);
}

function textOf(key: unknown): string {
  try {
    return String(key);
  } catch {
    return UNREADABLE;
  }
}

/** Neither the stack, which repeats the message, nor what upstream said. */
function toldOf(error: Error): object {
  const told = { name: readOf(error, "name"), message: readOf(error, "message") };
  return "code" in error ? { ...told, code: readOf(error, "code") } : told;
}
