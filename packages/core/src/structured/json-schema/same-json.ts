/** A text that two JSON values share exactly when they are equal, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, below]) => `${JSON.stringify(key)}:${canonicalJson(below)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

export function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
