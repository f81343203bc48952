/** Deeper than any schema or metadata goes, and shallow enough for everything that walks a body by recursion. */
const DEEPEST = 1_000;

/** True for what is nested so deeply that `JSON.stringify` could run out of stack. */
export function isNestedTooDeeply(body: object): boolean {
  let level: object[] = [body];
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next: object[] = [];
    for (const node of level) {
      for (const value of Object.values(node)) if (typeof value === "object" && value !== null) next.push(value);
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}
