import type { Random } from "../random/random.js";

/** Lower-case letters, digits and hyphens made from a phrase; letters of the seed where it has none. */
export function slug(phrase: string, random: Random): string {
  const text = phrase
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return /[a-z]/.test(text)
    ? text
    : `${random.text(1, "abcdefghijklmnopqrstuvwxyz")}${random.text(5, "abcdefghijklmnopqrstuvwxyz0123456789")}`;
}
