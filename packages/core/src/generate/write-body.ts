import { inKeyOrder } from "./in-key-order.js";
import type { OptionRow } from "./option-table.js";

/**
 * Writes values under their names on the wire, in the order of the rows, and `extraBody` over them in alphabetical
 * order. Nothing that is undefined is written, and what is undefined in `extraBody` takes its field away.
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
  const body: Record<string, unknown> = { ...typed, ...Object.fromEntries(extra) };
  for (const key of Object.keys(body)) {
    if (body[key] === undefined) delete body[key];
  }
  return body;
}
