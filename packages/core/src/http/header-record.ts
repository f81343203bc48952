/** Headers as one lower-case record; repeated ones are joined with `, `. */
export function headerRecord(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  const record: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === "string") record[name.toLowerCase()] = value;
    else if (value !== undefined) record[name.toLowerCase()] = value.join(", ");
  }
  return record;
}
