import { setupMistake } from "../option-checks.js";

const SIZE = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?$/i;
const FACTORS = new Map([
  ["b", 1],
  ["kb", 1024],
  ["mb", 1024 ** 2],
  ["gb", 1024 ** 3],
]);

/**
 * Bytes of a limit such as `"10mb"` or `1_000_000`.
 *
 * @throws ConfigurationError `invalid_config` for anything else: a limit that cannot be read would be none
 */
export function readBodyLimit(where: string, limit: unknown): number {
  if (typeof limit === "number" && Number.isSafeInteger(limit) && limit > 0) return limit;
  const [, count, unit = "b"] = (typeof limit === "string" && SIZE.exec(limit.trim())) || [];
  const bytes = Math.floor(Number(count) * (FACTORS.get(unit.toLowerCase()) ?? Number.NaN));
  if (bytes > 0) return bytes;
  throw setupMistake(`${where}: \`bodyLimit\` is no size`, 'Give bytes, or a text such as "500kb" or "10mb".');
}
