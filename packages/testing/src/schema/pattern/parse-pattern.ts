import { digits, printable, spaces, unicodeProperty, without, wordCharacters } from "./character-classes.js";
import type { CharacterRange, PatternNode } from "./pattern-node.js";

/** Thrown for syntax this reader does not know; the caller then falls back to guessing. */
export class UnreadablePattern extends Error {}

/** Reads the source of a JavaScript regular expression. */
export function parsePattern(source: string): PatternNode {
  const reader = new PatternReader(source);
  const node = reader.choice();
  if (!reader.atEnd()) throw new UnreadablePattern(source);
  return node;
}

const nothing: PatternNode = { kind: "nothing" };
const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", "0": "\0" };

class PatternReader {
  private at = 0;
  private captures = 0;
  private readonly points: readonly string[];

  constructor(source: string) {
    this.points = [...source];
  }

  atEnd(): boolean {
    return this.at >= this.points.length;
  }

  choice(): PatternNode {
    const options = [this.sequence()];
    while (this.eat("|")) options.push(this.sequence());
    return options.length === 1 ? (options[0] as PatternNode) : { kind: "choice", options };
  }

  private sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (!this.atEnd() && this.peek() !== "|" && this.peek() !== ")") parts.push(this.repeated(this.atom()));
    return { kind: "sequence", parts };
  }

  private repeated(node: PatternNode): PatternNode {
    const bounds = this.quantifier();
    if (!bounds) return node;
    this.eat("?");
    return this.repeated({ kind: "repeat", node, min: bounds[0], max: bounds[1] });
  }

  private quantifier(): [number, number] | undefined {
    if (this.eat("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.eat("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.eat("?")) return [0, 1];
    const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.rest(24));
    if (!counted) return undefined;
    this.at += counted[0].length;
    const min = Number(counted[1]);
    return [min, counted[2] === undefined ? min : counted[3] ? Number(counted[3]) : Number.POSITIVE_INFINITY];
  }

  private atom(): PatternNode {
    const character = this.take();
    if (character === "(") return this.group();
    if (character === "[") return this.set();
    if (character === "^" || character === "$") return nothing;
    if (character === ".") return { kind: "characters", ranges: [...printable], negated: false };
    if (character === "\\") return this.escape();
    return literal(character);
  }

  private group(): PatternNode {
    const head = /^\?(?:[:=!]|<[=!]|<([A-Za-z_$][\w$]*)>|[a-z-]+:)/.exec(this.rest(64));
    this.at += head ? head[0].length : 0;
    const number = head && head[1] === undefined ? 0 : ++this.captures;
    const node = this.choice();
    if (!this.eat(")")) throw new UnreadablePattern("unclosed group");
    if (head && /[=!]$/.test(head[0]) && head[1] === undefined) return nothing;
    return number === 0 ? node : { kind: "capture", number, name: head?.[1], node };
  }

  private escape(): PatternNode {
    const character = this.take();
    if (/[1-9]/.test(character)) return { kind: "reference", to: Number(character + this.digits()) };
    const named = character === "k" ? /^<([^>]+)>/.exec(this.rest(64)) : null;
    if (named) {
      this.at += named[0].length;
      return { kind: "reference", to: named[1] as string };
    }
    if (character === "b" || character === "B") return nothing;
    return { kind: "characters", ranges: this.escapedRanges(character), negated: false };
  }

  private set(): PatternNode {
    const negated = this.eat("^");
    const ranges: CharacterRange[] = [];
    while (!this.eat("]")) {
      const from = this.setMember();
      if (from.length === 1 && this.peek() === "-" && this.points[this.at + 1] !== "]") {
        this.take();
        const to = this.setMember();
        ranges.push([from[0]?.[0] ?? 0, to[0]?.[1] ?? 0]);
      } else ranges.push(...from);
    }
    return { kind: "characters", ranges, negated };
  }

  private setMember(): readonly CharacterRange[] {
    const character = this.take();
    if (character !== "\\") return pointOf(character);
    const escaped = this.take();
    return escaped === "b" ? pointOf("\b") : this.escapedRanges(escaped);
  }

  private escapedRanges(character: string): CharacterRange[] {
    if (character === "d") return [...digits];
    if (character === "w") return [...wordCharacters];
    if (character === "s") return [...spaces];
    if (character === "D") return without(printable, digits);
    if (character === "W") return without(printable, wordCharacters);
    if (character === "S") return without(printable, spaces);
    const rest = this.rest(40);
    const property = /^\{([^}]+)\}/.exec(rest);
    if ((character === "p" || character === "P") && property) {
      this.at += property[0].length;
      const ranges = unicodeProperty(property[1] as string);
      return character === "p" ? [...ranges] : without(printable, ranges);
    }
    const code =
      character === "x"
        ? /^([0-9a-f]{2})/i.exec(rest)
        : character === "u"
          ? /^(?:([0-9a-f]{4})|\{([0-9a-f]+)\})/i.exec(rest)
          : null;
    if (code) {
      this.at += code[0].length;
      return [...pointOf(String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? "0", 16)))];
    }
    return [...pointOf(controls[character] ?? character)];
  }

  private digits(): string {
    const found = /^\d*/.exec(this.rest(3))?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private rest(length: number): string {
    return this.points.slice(this.at, this.at + length).join("");
  }

  private peek(): string | undefined {
    return this.points[this.at];
  }

  private eat(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  private take(): string {
    const character = this.points[this.at];
    if (character === undefined) throw new UnreadablePattern("ends too early");
    this.at += 1;
    return character;
  }
}

function pointOf(character: string): readonly [CharacterRange] {
  const point = character.codePointAt(0) ?? 0;
  return [[point, point]];
}

function literal(character: string): PatternNode {
  return { kind: "characters", ranges: [...pointOf(character)], negated: false };
}
