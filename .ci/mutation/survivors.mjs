// Compares the mutants that no test noticed with the reasons written down for them. A mutant is told by its file, the
// line it stands on and the code before and after: line numbers move with every edit above them.

/** @typedef {{ line: number, column: number }} Position */
/** @typedef {{ fileName: string, location: { start: Position, end: Position }, replacement?: string | undefined }} Survivor */
/** @typedef {{ file: string, on: string, code: string, mutated: string }} Told */
/** @typedef {{ file: string, on: string, reason: string, mutants: readonly { code: string, mutated: string }[] }} Reason */

/**
 * @param {{ survivors: readonly Survivor[], files: readonly string[], reasons: readonly Reason[],
 *   sources: ReadonlyMap<string, string> }} run `files` are those that were mutated: reasons of others are left alone
 */
export function judge({ survivors, files, reasons, sources }) {
  const open = reasons
    .filter(({ file, reason }) => files.includes(file) && reason.trim() !== "")
    .flatMap(({ file, on, mutants }) => mutants.map((mutant) => ({ file, on, ...mutant })));
  /** @type {(Told & { line: number })[]} */
  const unexplained = [];
  for (const survivor of survivors) {
    const told = tell(survivor, sources.get(survivor.fileName) ?? "");
    const key = keyOf(told);
    const match = open.findIndex((mutant) => keyOf(mutant) === key);
    if (match === -1) unexplained.push({ ...told, line: survivor.location.start.line });
    else open.splice(match, 1);
  }
  return { unexplained, idle: open, explained: survivors.length - unexplained.length };
}

/** @param {Survivor} survivor @param {string} source @returns {Told} */
export function tell({ fileName, location: { start, end }, replacement = "" }, source) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const on = (lines[0] ?? "").trim();
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? "").slice(0, end.column - 1);
  lines[0] = (lines[0] ?? "").slice(start.column - 1);
  return { file: fileName, on, code: oneLine(lines.join("\n")), mutated: oneLine(replacement) };
}

/** @param {Told} told */
const keyOf = ({ file, on, code, mutated }) => JSON.stringify([file, on, code, mutated]);

/** @param {string} text */
const oneLine = (text) => text.replace(/\s+/g, " ").trim();
