/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: string): () => number {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** At most `count` different whole numbers from `first` up to, not including, `end`; in order. */
export function seededPlaces(seed: string, count: number, first: number, end: number): number[] {
  if (end - first <= count) return Array.from({ length: Math.max(0, end - first) }, (_, place) => first + place);
  const random = seededRandom(seed);
  const places = new Set<number>();
  while (places.size < count) places.add(first + Math.floor(random() * (end - first)));
  return [...places].sort((one, other) => one - other);
}
