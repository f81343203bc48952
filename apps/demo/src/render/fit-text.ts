/** The room that a list of texts has on a slide, in ems of the slide. */
export interface Room {
  width: number;
  height: number;
  /** Between two texts, in ems of the text itself. */
  gap: number;
  /** What stands left of each text, in ems of the text itself. */
  indent?: number | undefined;
  /** The sizes to choose from, the largest first. */
  sizes: readonly number[];
}

/** A Latin letter is about half as wide as it is high; Han characters are squares. */
const LETTER = 0.505;
const LINE_HEIGHT = 1.45;

/** The largest size at which all texts have room, else the smallest one. The same for the same texts, without a browser. */
export function fitText(texts: readonly string[], { width, height, gap, indent = 0, sizes }: Room): number {
  const fits = (size: number) => {
    const lines = texts.map((text) => linesOf(text, width - indent * size, size));
    const needed = lines.reduce((sum, count) => sum + (count * LINE_HEIGHT + gap) * size, 0);
    return needed <= height;
  };
  return sizes.find(fits) ?? sizes.at(-1) ?? 1;
}

/** How many lines a text takes in a column of `width` ems when it is set at `size`. */
export function linesOf(text: string, width: number, size: number): number {
  return Math.max(1, Math.ceil((emsOf(text) * size) / width));
}

function emsOf(text: string): number {
  const wide = text.match(/[\u2e80-\u9fff\uff00-\uffef]/gu)?.length ?? 0;
  return wide + (text.length - wide) * LETTER;
}
