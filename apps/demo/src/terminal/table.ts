const COMBINED = /[\u2e80-\u9fff\uac00-\ud7af\uff00-\uff60]/gu;

/** Rows in columns that line up in a terminal; columns after the first are set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ""))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const gap = " ".repeat((widths[column] ?? 0) - width(cell));
        return column === 0 ? cell + gap : gap + cell;
      })
      .join("   ")
      .trimEnd();
  const rule = widths.map((each) => "─".repeat(each)).join("───");
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** Columns a text takes; Han characters take two. */
function width(text: string): number {
  return text.length + (text.match(COMBINED)?.length ?? 0);
}
