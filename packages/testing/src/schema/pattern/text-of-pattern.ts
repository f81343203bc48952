import type { Random } from "../../random/random.js";
import { matchesPattern } from "../matches-pattern.js";
import { printable, without } from "./character-classes.js";
import { parsePattern } from "./parse-pattern.js";
import type { CharacterRange, PatternNode } from "./pattern-node.js";

const maxAttempts = 400;

/** A text that matches the pattern and has between `min` and `max` characters, or the best of many tries. */
export function textOfPattern(pattern: string, random: Random, min: number, max: number): string | undefined {
  let node: PatternNode;
  try {
    node = parsePattern(pattern);
  } catch {
    return undefined;
  }
  let best: string | undefined;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    // Open-ended repeats start short and may grow to the length that is asked for.
    const stretch = random.integer(0, Math.max(4, Math.min(min + 4, 400), attempt % 16));
    const text = new PatternWriter(random, stretch).write(node);
    if (!matchesPattern(text, pattern)) continue;
    if (text.length >= min && text.length <= max) return text;
    best ??= text;
  }
  return best;
}

class PatternWriter {
  private readonly captured = new Map<number | string, string>();

  constructor(
    private readonly random: Random,
    private readonly stretch: number,
  ) {}

  write(node: PatternNode): string {
    switch (node.kind) {
      case "sequence":
        return node.parts.map((part) => this.write(part)).join("");
      case "choice":
        return this.write(this.random.pick(node.options));
      case "repeat":
        return this.repeat(node.node, node.min, node.max);
      case "characters":
        return this.character(node.negated ? without(printable, node.ranges) : node.ranges);
      case "capture": {
        const text = this.write(node.node);
        this.captured.set(node.number, text);
        if (node.name !== undefined) this.captured.set(node.name, text);
        return text;
      }
      case "reference":
        return this.captured.get(node.to) ?? "";
      case "nothing":
        return "";
    }
  }

  private repeat(node: PatternNode, min: number, max: number): string {
    const most = Number.isFinite(max) ? Math.min(max, min + Math.max(this.stretch, 8)) : min + this.stretch;
    const times = Number.isFinite(max) ? this.random.integer(min, most) : most;
    return Array.from({ length: times }, () => this.write(node)).join("");
  }

  private character(ranges: readonly CharacterRange[]): string {
    if (ranges.length === 0) return "";
    const sizes = ranges.map(([from, to]) => Math.max(1, to - from + 1));
    let at = this.random.integer(0, sizes.reduce((sum, size) => sum + size, 0) - 1);
    for (const [index, size] of sizes.entries()) {
      if (at < size) return String.fromCodePoint((ranges[index]?.[0] ?? 0) + at);
      at -= size;
    }
    return "";
  }
}
