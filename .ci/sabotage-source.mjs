/**
 * The source with its one line replaced.
 * @param {string} source
 * @param {{ file: string, line: string, instead: string }} sabotage
 * @throws {Error} where the line does not stand in the file exactly once: the sabotage would prove nothing
 */
export function sabotaged(source, { file, line, instead }) {
  const lines = source.split("\n");
  const places = lines.flatMap((text, index) => (text.trim() === line ? [index] : []));
  const [place] = places;
  if (places.length !== 1 || place === undefined)
    throw new Error(`${file} has ${places.length} lines ${JSON.stringify(line)}`);
  return lines.with(place, instead).join("\n");
}
