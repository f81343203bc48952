const NAME = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=/;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Reads the text of a `.env` file: `NAME=value` or `export NAME=value` a line; values bare, in single quotes (taken as
 * they are) or in double quotes (`\n`, `\t`, `\"` are read), quoted ones over several lines too; `#` starts a comment
 * at the start of a line and after a blank. The last of several equal names wins; lines that are none of this are
 * skipped. Nothing is expanded.
 */
export function parseDotEnv(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (let line = 0; line < lines.length; line++) {
    const match = NAME.exec(lines[line] ?? "");
    if (!match?.[1]) continue;
    const rest = (lines[line] ?? "").slice(match[0].length).trimStart();
    const quoted = readQuoted(rest, lines, line);
    variables.set(match[1], quoted?.value ?? bare(rest));
    line = quoted?.lastLine ?? line;
  }
  return variables;
}

/** A quoted value that starts with `rest`; undefined where there is no quote, or none that is closed. */
function readQuoted(
  rest: string,
  lines: readonly string[],
  line: number,
): { value: string; lastLine: number } | undefined {
  const quote = rest[0];
  if (quote !== '"' && quote !== "'") return undefined;
  let value = "";
  let current = rest.slice(1);
  for (let lastLine = line; ; ) {
    for (let position = 0; position < current.length; position++) {
      const character = current.charAt(position);
      if (character === quote) {
        // Whatever stands behind the quote must be a comment; otherwise the quote is part of a bare value.
        return /^\s*(#|$)/.test(current.slice(position + 1)) ? { value, lastLine } : undefined;
      }
      if (character === "\\" && quote === '"' && position + 1 < current.length) {
        const next = current.charAt(++position);
        value += ESCAPES[next] ?? (next === '"' || next === "\\" ? next : `\\${next}`);
      } else value += character;
    }
    lastLine += 1;
    const next = lines[lastLine];
    if (next === undefined) return undefined;
    value += "\n";
    current = next;
  }
}

const bare = (rest: string) => rest.replace(/(^|\s)#.*$/, "").trim();
