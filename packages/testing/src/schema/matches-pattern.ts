const compiled = new Map<string, RegExp | undefined>();

/** Whether a text matches a JSON Schema `pattern`; a pattern that JavaScript cannot read matches everything. */
export function matchesPattern(text: string, pattern: string): boolean {
  if (!compiled.has(pattern)) {
    if (compiled.size > 500) compiled.clear();
    compiled.set(pattern, compile(pattern, "u") ?? compile(pattern, ""));
  }
  return compiled.get(pattern)?.test(text) ?? true;
}

function compile(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
