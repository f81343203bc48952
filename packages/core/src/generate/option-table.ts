import type { Check } from "./value-checks.js";

/** One option: its name on the wire, where it goes there, and what it may be. */
export interface OptionRow {
  wire?: string | undefined;
  check: Check;
  /** Its value is in wire shape already: it goes out with its keys as they stand. */
  asGiven?: true | undefined;
}

/** Every option of `T`, complete by its type: one that is missing or too many does not compile. */
export type OptionTable<T> = Readonly<Record<keyof Required<T>, OptionRow>>;

/** An option that goes out under `wire`; objects in it with their keys in alphabetical order. */
export const sent = (wire: string, check: Check): OptionRow => ({ wire, check });
/** An option in wire shape that goes out untouched. */
export const untouched = (wire: string, check: Check): OptionRow => ({ wire, check, asGiven: true });
/** An option that stays here. */
export const kept = (check: Check): OptionRow => ({ check });

/** Names that go out, with the row of each, in the order of the table. */
export function sentRows<T>(
  table: OptionTable<T>,
): readonly (readonly [name: keyof T & string, row: OptionRow & { wire: string }])[] {
  return Object.entries<OptionRow>(table).filter(([, row]) => row.wire !== undefined) as [
    keyof T & string,
    OptionRow & { wire: string },
  ][];
}
