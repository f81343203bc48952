/** A short name for a key, from which the key cannot be told: what counters are kept under. */
export function keyHash(key: string): string {
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(key).digest("hex").slice(0, 16);
}
