import type { Box, Frame } from "../scene.js";
import { type Setting, setText, textHeight } from "../set-text.js";

interface Head {
  boxes: Box[];
  /** Where title and subtitle meet, and where the subtitle ends, in points from the top of the page. */
  middle: number;
  bottom: number;
}

interface HeadStyle {
  sizes: readonly number[];
  /** The subtitle's size, and what stands between it and the title. */
  subtitle: number;
  between: number;
  align: "left" | "center";
  /** Where the two stand in their frame. */
  vertical: "top" | "middle" | "bottom";
  /** The colours of title and subtitle, and what is behind them. */
  ink: string;
  muted: string;
  on: string;
  /** Lines that the title should not exceed. */
  lines?: number | undefined;
}

/**
 * A slide's title with its subtitle below. The title stands at the bottom of its own frame: where it takes fewer lines
 * than it might, the room is left above it.
 */
export function setHead(
  { title, subtitle }: { title: string; subtitle?: string | undefined },
  frame: Frame,
  style: HeadStyle,
): Head {
  const { sizes, align, ink, muted, on, between, lines } = style;
  const below = style.subtitle * 1.4;
  const titleSetting: Setting = {
    role: "title",
    face: "display",
    bold: true,
    sizes,
    lineHeight: 1.22,
    lines,
    colour: ink,
    on,
    align,
    vertical: "bottom",
  };
  const subtitleSetting: Setting = {
    role: "subtitle",
    face: "text",
    bold: false,
    sizes: [style.subtitle, Math.min(style.subtitle, 18), 16],
    lineHeight: 1.4,
    lines: 1,
    colour: muted,
    on,
    align,
    vertical: "top",
  };
  const titleRoom = { ...frame, height: frame.height - between - below };
  const [titleBox] = setText(title, titleRoom, titleSetting);
  const [subtitleBox] = setText(subtitle, { ...frame, height: Math.max(below * 2, 48) }, subtitleSetting);
  const titleHeight = titleBox === undefined ? (sizes[0] ?? 32) * 1.22 : textHeight(titleBox, frame.width);
  const subtitleHeight = subtitleBox === undefined ? below : textHeight(subtitleBox, frame.width);
  const spare = Math.max(0, frame.height - titleHeight - between - subtitleHeight);
  const top = frame.y + { top: 0, middle: spare / 2, bottom: spare }[style.vertical];
  const middle = top + titleHeight;
  const boxes: Box[] = [];
  if (titleBox !== undefined) boxes.push({ ...titleBox, y: top, height: titleHeight });
  if (subtitleBox !== undefined) boxes.push({ ...subtitleBox, y: middle + between, height: subtitleHeight });
  return { boxes, middle, bottom: middle + between + subtitleHeight };
}
