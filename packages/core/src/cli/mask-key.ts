/** Enough of a key to tell which one it is: its kind and its last four characters; of a short one nothing. */
export function maskKey(key: string): string {
  if (key.length < 20) return "****";
  const kind = /^(?:sk-)?(?:or-v1-|proj-)?/.exec(key)?.[0] ?? "";
  return `${kind}…${key.slice(-4)}`;
}

/** What people leave standing from a template: nothing can be asked with it. */
export function isPlaceholderKey(key: string): boolean {
  return /^(?:test_key|<.*>|\.{3}|x{3,}|(?:sk-or-v1-)?(?:your|my)[-_].*|(?:sk-or-v1-)?(?:\.{3}|…|x{3,}))$/i.test(key);
}
