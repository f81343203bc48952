import { plainText } from "../../deck/plain-text.js";
import type { TextBox } from "../../scene/scene.js";
import { breakable, spacedScripts } from "../../scene/text-lines.js";
import { textWidth } from "../../scene/text-width.js";

/** Marks that never begin a line. */
const CLOSING = /^[，。；：？！、”’」』）》％,.;:?!)%]/u;
const STEP = 0.5;
/** Chinese lines are whole numbers of ems wide: in a column of as many, a program's rounding would decide what fits. */
const OFF_GRID = 0.25;
/** Lines that fill a column to the last hair might not fit another program's. */
const SLACK = 0.1;

/** Longer texts are left to themselves: breaks by hand are in the way of who edits them. */
const MOST_LINES = 4;

/** How a text is to be set so that its lines end well. */
export interface LineEnds {
  /** Of the column, in points. */
  width: number;
  /** Where lines end by themselves nowhere well: the lines, to be broken by hand. */
  lines?: string[] | undefined;
}

/**
 * An office program fills each line as far as it can and tears Chinese words apart. In a column that is a little
 * narrower the lines end between words and are of equal length; where no width does that, the lines are broken by hand.
 * The text has as many lines as its box has room for.
 */
export function lineEnds(box: TextBox): LineEnds {
  const { marker, width, size, bold } = box;
  if (marker !== undefined) return { width };
  const text = spacedScripts(plainText(box.text));
  const words = breakable(text);
  const ends = new Set(endsOf(words));
  const best = balanced(piecesOf(text), width / size, bold, ends);
  if (best.lines.length < 2) return { width };
  const byWords = best.torn === 0 ? [] : balanced(words, width / size, bold, ends).lines;
  const room = Math.min(MOST_LINES, (box.height + 1) / (box.lineHeight * size));
  if (best.torn === 0 || byWords.length > room) return { width: best.ems * size };
  const lines = byWords.map(({ end }, index) => text.slice(byWords[index - 1]?.end ?? 0, end).replaceAll("\u2005", ""));
  return { width, lines };
}

interface Balanced {
  /** Width of the column. */
  ems: number;
  lines: Line[];
  /** Lines that end within a word. */
  torn: number;
}

/** The best of the columns in which the pieces take no more lines than in the widest. */
function balanced(pieces: readonly string[], widest: number, bold: boolean, ends: ReadonlySet<number>): Balanced {
  // What is in the whole width has room there by the scene's own estimate.
  let best = { ...judged(pieces, widest + SLACK, bold, ends), ems: widest };
  const most = best.lines.length;
  // A word longer than its line would be torn into more lines than are counted here.
  const least = Math.max(widest / 2, ...pieces.map((piece) => textWidth(piece.trimEnd(), bold) + SLACK));
  for (let ems = Math.ceil(widest / STEP) * STEP - OFF_GRID; ems > least; ems -= STEP) {
    if (ems > widest) continue;
    const other = judged(pieces, ems, bold, ends);
    if (other.lines.length > most) break;
    if (other.torn < best.torn || (other.torn === best.torn && other.spread < best.spread - 0.01)) best = other;
  }
  return best;
}

function judged(pieces: readonly string[], ems: number, bold: boolean, ends: ReadonlySet<number>) {
  const lines = fill(pieces, ems - SLACK, bold);
  const lengths = lines.map((line) => line.ems);
  const torn = lines.filter(({ end }) => !ends.has(end)).length;
  return { ems, lines, torn, spread: Math.max(...lengths) - Math.min(...lengths) };
}

interface Line {
  /** Where it ends in the text. */
  end: number;
  ems: number;
}

function fill(pieces: readonly string[], width: number, bold: boolean): Line[] {
  const lines: Line[] = [];
  let at = 0;
  for (const piece of pieces) {
    at += piece.length;
    const line = lines.at(-1);
    if (line !== undefined && line.ems + textWidth(piece.trimEnd(), bold) <= width) {
      line.end = at;
      line.ems += textWidth(piece, bold);
    } else lines.push({ end: at, ems: textWidth(piece, bold) });
  }
  return lines;
}

/** A text where office programs break it: after a space in Latin, between any two characters in Chinese. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const piece of text.match(
    /[\u2e80-\u9fff\uff00-\uffef\u2010-\u2027]|[^\u2e80-\u9fff\uff00-\uffef\u2010-\u2027\s]+\s*|\s+/gu,
  ) ?? []) {
    if (pieces.length > 0 && (CLOSING.test(piece) || /[（《“‘「『(]$/u.test(pieces.at(-1) ?? ""))) {
      pieces.push(`${pieces.pop()}${piece}`);
    } else pieces.push(piece);
  }
  return pieces;
}

function endsOf(pieces: readonly string[]): number[] {
  let at = 0;
  return pieces.map((piece) => {
    at += piece.length;
    return at;
  });
}
