/** What a regular expression asks for, as far as text can be made from it. */
export type PatternNode =
  | { kind: "sequence"; parts: PatternNode[] }
  | { kind: "choice"; options: PatternNode[] }
  | { kind: "repeat"; node: PatternNode; min: number; max: number }
  | { kind: "characters"; ranges: CharacterRange[]; negated: boolean }
  | { kind: "capture"; number: number; name?: string | undefined; node: PatternNode }
  | { kind: "reference"; to: number | string }
  /** Anchors and look-arounds: they make no text; the finished text is tested against the whole pattern instead. */
  | { kind: "nothing" };

/** Code points from the first to the second, both included. */
export type CharacterRange = readonly [number, number];
