const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;

/** Where a string stands in a line of JSON: its first character and its closing quote. */
export interface StringPlace {
  from: number;
  to: number;
}

/** The strings that follow one of `keys`, in their order. No key is among them. The line is known to be JSON. */
export function stringValues(json: string, keys: ReadonlySet<string>): StringPlace[] {
  const values: StringPlace[] = [];
  let key = "";
  for (let at = json.indexOf('"'); at !== -1; at = json.indexOf('"', at)) {
    const from = at + 1;
    const to = closingQuote(json, from);
    at = to + 1;
    if (isColonNext(json, at)) {
      key = json.slice(from, to);
    } else {
      if (keys.has(key)) values.push({ from, to });
      key = "";
    }
  }
  return values;
}

function closingQuote(json: string, from: number): number {
  let at = from;
  while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function isColonNext(json: string, from: number): boolean {
  let at = from;
  while (json.charCodeAt(at) <= 32) at += 1;
  return json.charCodeAt(at) === COLON;
}
