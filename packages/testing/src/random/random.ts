import { createHash } from "node:crypto";

/** A stream of pseudo-random choices that depends on its seed parts and on nothing else. */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** One element; the list must not be empty. */
  pick<T>(list: readonly T[]): T;
  chance(probability: number): boolean;
  /** Random characters of `alphabet`. */
  text(length: number, alphabet: string): string;
}

export const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Makes the stream named by the seed parts; equal parts give equal streams. */
export function createRandom(...seedParts: readonly (string | number)[]): Random {
  const digest = createHash("sha256").update(seedParts.join("\u0000")).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = digest.readUInt32LE(12);

  // sfc32: small, fast, passes PractRand; the digest already mixed the seed.
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    integer,
    pick: <T>(list: readonly T[]): T => list[integer(0, list.length - 1)] as T,
    chance: (probability) => next() < probability,
    text: (length, alphabet) => Array.from({ length }, () => alphabet.charAt(integer(0, alphabet.length - 1))).join(""),
  };
}
