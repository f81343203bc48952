const MAX_LENGTH = 512;

/**
 * A free text made fit for a header: control characters are dropped, what is not ASCII is percent-encoded as UTF-8, at
 * most 512 characters are kept. Undefined where nothing is left.
 */
export function headerText(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  let safe = "";
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 32 || (point >= 127 && point < 160)) continue;
    // Latin-1 would do by the letter, but `node:http` sends it as UTF-8 where the body is a string.
    const piece = point < 127 ? character : encodeURIComponent(character.isWellFormed() ? character : "\ufffd");
    if (safe.length + piece.length > MAX_LENGTH) break;
    safe += piece;
  }
  return safe.trim() || undefined;
}

/**
 * The name of the first header that cannot be sent as it is; its value is nobody's business. Beyond ASCII no two
 * servers, and no two transports, agree on what the bytes are.
 */
export function illegalHeader(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name in headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return "with a malformed name";
    const value: unknown = headers[name];
    if (typeof value !== "string" || !/^[\t\x20-\x7e]*$/.test(value)) return name;
  }
  return undefined;
}
