/** The name that was most likely meant: equal but for case, `_` and `-`, else the nearest by a few letters. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  if (word.length > 60) return undefined;
  const wanted = plain(word);
  const most = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; edits: number } | undefined;
  for (const name of names) {
    const edits = editsBetween(wanted, plain(name));
    if (edits <= most && (best === undefined || edits < best.edits)) best = { name, edits };
  }
  return best?.name;
}

const plain = (word: string) => word.toLowerCase().replace(/[_-]/g, "");

/** How many letters have to be put in, taken out or replaced. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
