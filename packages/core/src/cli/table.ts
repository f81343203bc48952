import { harmless, paint, type Terminal, writeLine } from "./terminal.js";
import { textWidth } from "./text-width.js";

export interface Column<Row> {
  title: string;
  cell(row: Row): string;
  /** Numbers stand right. */
  right?: boolean;
}

/** Prints rows in aligned columns; where the output is piped, one line a row with tabs between the cells. */
export async function printTable<Row>(
  { stdout }: Pick<Terminal, "stdout">,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  const cells = rows.map((row) => columns.map((column) => harmless(column.cell(row).replace(/[\t\n]/g, " "), stdout)));
  const titles = columns.map((column) => column.title);
  if (!stdout.isTTY) {
    for (const line of [titles, ...cells]) await writeLine(stdout, line.join("\t"));
    return;
  }
  const widths = titles.map((title, at) =>
    cells.reduce((width, row) => Math.max(width, textWidth(row[at] ?? "")), textWidth(title)),
  );
  const align = (line: readonly string[]) =>
    line
      .map((cell, at) => {
        const space = " ".repeat((widths[at] ?? 0) - textWidth(cell));
        return columns[at]?.right ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd();
  await writeLine(stdout, paint("bold", align(titles), stdout));
  for (const row of cells) await writeLine(stdout, align(row));
}
