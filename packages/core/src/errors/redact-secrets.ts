const KEY_SHAPES = new RegExp(
  [
    /(?<![A-Za-z0-9])sk-[A-Za-z0-9][A-Za-z0-9_-]{6,}/,
    /\b(Bearer)\s+[^\s"',;]{8,}/,
    // Only what can be base64: "basic information" is no credential.
    /\b(Basic)\s+(?=[A-Za-z0-9+/]*[0-9=])[A-Za-z0-9+/=]{8,}/,
    /([?&](?:api_?key|key|token)=)[^\s&"']+/,
    /(\/keys\/)[0-9a-f]{6,}/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gi",
);

/**
 * Replaces everything in `text` that looks like a key, a bearer token or a key hash, and every given secret
 * by value, with `[redacted]`.
 */
export function redactSecrets(text: string, secrets: readonly (string | undefined)[] = []): string {
  let safe = text;
  for (const secret of secrets) {
    if (secret && secret.length >= 4) safe = safe.replaceAll(secret, "[redacted]");
  }
  return safe.replace(KEY_SHAPES, (_match, bearer?: string, basic?: string, query?: string, path?: string) => {
    const scheme = bearer ?? basic;
    return scheme === undefined ? `${query ?? path ?? ""}[redacted]` : `${scheme} [redacted]`;
  });
}

/** Deeper than any error of upstream's; what lies below is cut off, lest it hold a secret. */
const MAX_DEPTH = 64;

/** The same for every text inside a parsed body, which stays as it is: a copy is given back. */
export function redactBody(value: unknown, secrets: readonly (string | undefined)[] = [], depth = 0): unknown {
  if (typeof value === "string") return redactSecrets(value, secrets);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[redacted]";
  if (Array.isArray(value)) return value.map((item) => redactBody(item, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redactSecrets(key, secrets), redactBody(item, secrets, depth + 1)]),
  );
}
