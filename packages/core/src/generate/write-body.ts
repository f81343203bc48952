import { inKeyOrder } from "./in-key-order.js";
import type { OptionRow } from "./option-table.js";

/**
 * Writes values under their names on the wire, in the order of the rows, and `extraBody` over them in alphabetical
 * order. Nothing that is undefined is written, and what is undefined in `extraBody` takes its field away. Routing
 * preferences (`provider`) are such fields, each by itself: a client's hold where `extraBody` says nothing of them.
 */
export function writeBody(
  rows: readonly (readonly [name: string, row: OptionRow & { wire: string }])[],
  values: Readonly<Record<string, unknown>>,
  extraBody: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  const typed: Record<string, unknown> = {};
  for (const [name, row] of rows) {
    const value = values[name];
    if (value !== undefined) typed[row.wire] = row.asGiven ? value : inKeyOrder(value);
  }
  if (extraBody === undefined) return typed;
  const extra = Object.entries(extraBody).sort(([a], [b]) => (a < b ? -1 : 1));
  const body = set({ ...typed, ...Object.fromEntries(extra) });
  const { provider } = extraBody;
  if (isGroup(provider) && isGroup(typed.provider)) body.provider = inKeyOrder(set({ ...typed.provider, ...provider }));
  return body;
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes away what is undefined. */
function set(fields: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(fields)) {
    if (fields[key] === undefined) delete fields[key];
  }
  return fields;
}
