import { mixColours } from "../mix-colours.js";
import { contours } from "../motif/contours.js";
import { rings } from "../motif/rings.js";
import { tracks } from "../motif/tracks.js";
import { segmentsOf } from "../path-segments.js";
import { type Box, type Frame, PAGE } from "../scene.js";
import { setText } from "../set-text.js";
import type { Template } from "../template.js";
import { cardBoxes } from "./card.js";
import { type Layout, MARGIN } from "./layout.js";

interface QuotePlan {
  ground: Box[];
  /** The room of the quotation. */
  frame: Frame;
  align: "left" | "center";
  ink: string;
  muted: string;
  accent: string;
  on: string;
}

/** A pair of opening marks, 96 × 68 points. */
const MARKS =
  "M0 68V38C0 16 12 3 36 0V13C24 16 18 23 18 33H38V68ZM58 68V38C58 16 70 3 94 0V13C82 16 76 23 76 33H96V68Z";

export const quoteLayout: Layout<"quote"> = ({ title, quote }, template) => {
  const { ground, frame, align, ink, muted, accent, on } = planOf(title, template);
  const { x, width } = frame;
  const markX = align === "center" ? x + width / 2 - 38 : x;
  return [
    ...ground,
    { kind: "path", x: markX, y: frame.y, width: 77, height: 55, segments: segmentsOf(MARKS, 0.8), fill: accent },
    ...setText(
      quote?.text,
      { ...frame, y: frame.y + 76, height: frame.height - 76 - 100 },
      {
        role: "quote",
        face: "display",
        bold: true,
        sizes: [40, 38, 36, 34, 32, 30, 28, 26, 24, 22],
        lineHeight: 1.34,
        colour: ink,
        on,
        align,
        vertical: "middle",
      },
    ),
    ...setText(
      title,
      { x, y: frame.y + frame.height - 90, width, height: 50 },
      {
        role: "title",
        face: "text",
        bold: true,
        sizes: [20, 18, 17, 16],
        colour: accent,
        on,
        align,
        vertical: "bottom",
      },
    ),
    ...setText(
      quote?.voice,
      { x, y: frame.y + frame.height - 36, width, height: 30 },
      {
        role: "label",
        face: "text",
        bold: false,
        sizes: [18],
        colour: muted,
        on,
        align,
        vertical: "top",
      },
    ),
  ];
};

function planOf(title: string, template: Template): QuotePlan {
  const { paper, panel, ink, muted, accent, onAccent } = template.colours;
  switch (template.cover) {
    case "left":
      return {
        ground: tracks(title, { x: 780, y: 60, width: 180, height: 420 }, 5, template),
        frame: { x: MARGIN + 20, y: 70, width: 660, height: 400 },
        align: "left",
        ...{ ink, muted, accent, on: paper },
      };
    case "low": {
      const card = { x: MARGIN, y: 56, width: 840, height: 424 };
      return {
        ground: [
          ...cardBoxes(card, template, accent),
          {
            kind: "shape",
            shape: "rectangle",
            x: card.x,
            y: card.y + 40,
            width: 6,
            height: card.height - 80,
            fill: accent,
          },
        ],
        frame: { x: card.x + 60, y: card.y + 44, width: card.width - 120, height: card.height - 80 },
        align: "left",
        ...{ ink, muted, accent, on: panel },
      };
    }
    case "full":
      return {
        ground: [
          { kind: "shape", shape: "rectangle", x: 0, y: 0, ...PAGE, fill: accent },
          ...contours(title, { x: 744, y: 236, width: 200, height: 236 }, mixColours(onAccent, accent, 0.3), 6),
        ],
        frame: { x: MARGIN + 10, y: 66, width: 670, height: 410 },
        align: "left",
        ink: onAccent,
        muted: mixColours(onAccent, accent, 0.86),
        accent: onAccent,
        on: accent,
      };
    case "centre":
      return {
        ground: [
          ...rings(title, { x: 200, y: PAGE.height, radius: 88, count: 4 }, template),
          ...rings(`${title} `, { x: 740, y: PAGE.height, radius: 88, count: 4 }, template),
        ],
        frame: { x: 120, y: 54, width: 720, height: 384 },
        align: "center",
        ...{ ink, muted, accent, on: paper },
      };
  }
}
