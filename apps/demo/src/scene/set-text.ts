import { plainText } from "../deck/plain-text.js";
import { type Frame, MARKER_WIDTH, type TextBox } from "./scene.js";
import { countLines } from "./text-lines.js";

/** How a text is to be set; all but its size is given. */
export type Setting = Omit<TextBox, keyof Frame | "kind" | "text" | "size" | "lineHeight"> & {
  /** The sizes to choose from, the largest first. */
  sizes: readonly number[];
  /** @default 1.35 */
  lineHeight?: number | undefined;
  /** Prefer a somewhat smaller size at which the text stands in this many lines. */
  lines?: number | undefined;
};

/** Ems that a line leaves free: one that fills its column wraps where a program rounds the other way. */
const HAIR = 0.05;

/** How small a text may become for the sake of fewer lines. */
const SMALLER = 0.78;

/** The text as a box each of whose lines has room in the frame; none where it says nothing. */
export function setText(said: string | undefined, frame: Frame, setting: Setting): TextBox[] {
  const text = plainText(said ?? "");
  if (text === "") return [];
  const { sizes, lines, lineHeight = 1.35, ...rest } = setting;
  const size = sizeFor(text, frame, setting);
  return [{ kind: "text", ...frame, text, ...rest, size, lineHeight }];
}

/** Texts of one kind: all as large as the one that has least room may be. Those that say nothing are left out. */
export function setAlike(places: readonly { text: string | undefined; frame: Frame }[], setting: Setting): TextBox[][] {
  const alone = places.map(({ text, frame }) => setText(text, frame, setting));
  const size = Math.min(...alone.flat().map((box) => box.size));
  return places.map(({ text, frame }) => setText(text, frame, { ...setting, sizes: [size] }));
}

/** The largest size at which the text has room, else the smallest. The same for the same text, without a browser. */
function sizeFor(text: string, frame: Frame, setting: Setting): number {
  const { sizes, lines, lineHeight = 1.35, bold, marker } = setting;
  const fits = (size: number, most: number) => {
    const box = { text, bold, marker, size, lineHeight };
    return textHeight(box, frame.width) <= frame.height && lineCount(box, frame.width) <= most;
  };
  const least = (sizes[0] ?? 0) * SMALLER;
  const few = lines === undefined ? undefined : sizes.find((size) => size >= least && fits(size, lines));
  return few ?? sizes.find((size) => fits(size, Number.POSITIVE_INFINITY)) ?? sizes.at(-1) ?? 16;
}

type SetLines = Pick<TextBox, "text" | "bold" | "marker" | "size">;

/** How high a text is in a column of that many points. */
export function textHeight(box: SetLines & Pick<TextBox, "lineHeight">, width: number): number {
  return lineCount(box, width) * box.lineHeight * box.size;
}

function lineCount({ text, bold, marker, size }: SetLines, width: number): number {
  const column = width / size - (marker === undefined ? 0 : MARKER_WIDTH) - HAIR;
  return countLines(text, column, bold);
}
