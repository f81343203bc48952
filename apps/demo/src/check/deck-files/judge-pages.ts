import type { ChartBox, Frame, Scene, TextBox } from "../../scene/scene.js";
import { PAGE } from "../../scene/scene.js";
import type { PdfPage, PdfWord } from "./pdf-words.js";

/** How far a word may reach out of its box, in points: side bearings and rounding. */
const TOLERANCE = 2;

/**
 * Compares the pages of a PDF with the scenes that they show: one page a scene, every text whole and within its own
 * frame, every number of a chart in the chart, and nothing else.
 *
 * Shape: what is wrong, a sentence each; empty where all is right.
 */
export function judgePages(pages: readonly PdfPage[], scenes: readonly Scene[]): string[] {
  const faults = pages.length === scenes.length ? [] : [`${pages.length} pages for ${scenes.length} slides`];
  for (const [index, scene] of scenes.entries()) {
    const page = pages[index];
    if (page !== undefined) faults.push(...judgePage(page, scene).map((fault) => `slide ${index + 1}: ${fault}`));
  }
  return faults;
}

function judgePage({ width, height, words }: PdfPage, { boxes }: Scene): string[] {
  const faults: string[] = [];
  if (Math.abs(width - PAGE.width) > 1 || Math.abs(height - PAGE.height) > 1)
    faults.push(`the page is ${width} × ${height} points, not ${PAGE.width} × ${PAGE.height}`);
  const placed = new Set<PdfWord>();
  for (const box of boxes) {
    if (box.kind !== "text" && box.kind !== "chart") continue;
    const own = words.filter((word) => middleIn(word, box));
    for (const word of own) placed.add(word);
    faults.push(...(box.kind === "text" ? judgeText(own, box, words) : judgeChart(own, box)));
  }
  for (const word of words) {
    if (!onPage(word)) faults.push(`“${word.text}” reaches over the edge of the page`);
    else if (!placed.has(word) && plain(word.text) !== "") faults.push(`“${word.text}” stands outside every box`);
  }
  return faults;
}

function judgeText(own: readonly PdfWord[], box: TextBox, all: readonly PdfWord[]): string[] {
  const wanted = plain(box.text);
  const found = plain(inLines(own, box.size).join(""));
  if (found !== wanted) {
    const whole = plain(all.map(({ text }) => text).join("")).includes(wanted);
    const there = found === "" ? "nothing" : `“${found}”`;
    return [`“${box.text}” is ${whole ? "outside its box" : "cut or missing"}: in its box is ${there}`];
  }
  return own
    .filter((word) => !across(word, box) || !down(word, box))
    .map((word) => `“${word.text}” reaches out of its box`);
}

function judgeChart(own: readonly PdfWord[], { chart: { points, unit } }: ChartBox): string[] {
  const numbers = own.map(({ text }) => text.replace(/[%,\s]/gu, ""));
  const letters = [...plain(own.map(({ text }) => text).join(""))];
  const faults = points
    .filter(({ value }) => !take(numbers, String(value)))
    .map(({ label, value }) => `the chart does not show ${value} for “${label}”`);
  // Names are broken where there is little room, so that their letters alone can be looked for.
  for (const text of [...points.map(({ label }) => label), ...(unit === "%" ? [] : [unit])]) {
    const missing = [...plain(text)].filter((letter) => !take(letters, letter));
    if (missing.length > 0) faults.push(`the chart does not show “${text}” whole`);
  }
  return faults;
}

function take(all: string[], one: string): boolean {
  const at = all.indexOf(one);
  if (at >= 0) all.splice(at, 1);
  return at >= 0;
}

/** Words from the first line to the last, each as it is read. */
function inLines(words: readonly PdfWord[], size: number): string[] {
  const lines: PdfWord[][] = [];
  for (const word of words.toSorted((one, other) => middle(one) - middle(other))) {
    const line = lines.at(-1);
    const first = line?.[0];
    // Faces of one line differ in height, so that their middles do.
    if (line !== undefined && first !== undefined && middle(word) - middle(first) < size * 0.5) line.push(word);
    else lines.push([word]);
  }
  return lines.map((line) => asRead(line.toSorted((one, other) => one.left - other.left).map(({ text }) => text)));
}

/** Arabic and Hebrew stand in a PDF as they are seen, from left to right, and are read the other way. */
function asRead(words: readonly string[]): string {
  const reversed = (run: string) => [...run].reverse().join("");
  return plain(words.join("")).replace(/[\p{Script=Arabic}\p{Script=Hebrew}\p{Mn}]+/gu, reversed);
}

/** Without spaces, line breaks and markers, ligatures as letters. */
function plain(text: string): string {
  return text.normalize("NFKC").replace(/[\s\u00ad\u2022]/gu, "");
}

/** From left to right, a word is in its box. */
function across({ left, right }: PdfWord, { x, width }: Frame): boolean {
  return left >= x - TOLERANCE && right <= x + width + TOLERANCE;
}

/**
 * From top to bottom, its type is: a PDF says how high the face is, and somewhere in there is the type, so that as much
 * of it as the type's own size has to be in the box.
 */
function down({ top, bottom }: PdfWord, { y, height, size }: TextBox): boolean {
  const inside = Math.min(bottom, y + height + TOLERANCE) - Math.max(top, y - TOLERANCE);
  return inside >= Math.min(size, bottom - top);
}

function middleIn(word: PdfWord, { x, y, width, height }: Frame): boolean {
  const [column, row] = [(word.left + word.right) / 2, (word.top + word.bottom) / 2];
  return column >= x - TOLERANCE && column <= x + width + TOLERANCE && row >= y && row <= y + height;
}

function onPage({ left, top, right, bottom }: PdfWord): boolean {
  return left >= 0 && right <= PAGE.width && (top + bottom) / 2 >= 0 && (top + bottom) / 2 <= PAGE.height;
}

function middle({ top, bottom }: PdfWord): number {
  return (top + bottom) / 2;
}
