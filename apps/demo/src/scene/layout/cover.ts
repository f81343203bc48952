import { mixColours } from "../mix-colours.js";
import { contours } from "../motif/contours.js";
import { rings } from "../motif/rings.js";
import { stations } from "../motif/stations.js";
import { tracks } from "../motif/tracks.js";
import { type Box, type Frame, PAGE } from "../scene.js";
import { setText } from "../set-text.js";
import type { Template } from "../template.js";
import { setHead } from "./head.js";
import { CONTENT_WIDTH, type Layout, MARGIN } from "./layout.js";

/** How a template's first and last page are made. */
interface CoverPlan {
  /** What is behind the texts. */
  ground: Box[];
  /** The room of the texts. */
  frame: Frame;
  align: "left" | "center";
  vertical: "middle" | "bottom";
  size: number;
  ink: string;
  muted: string;
  accent: string;
  on: string;
}

export const coverLayout: Layout<"intro"> = (slide, template) => {
  const plan = planOf(slide.title, template);
  const { size } = plan;
  const head = setHead(slide, plan.frame, { ...plan, sizes: sizesFrom(size), subtitle: 22, between: 40 });
  return [...plan.ground, bar(plan, head.middle + 18), ...head.boxes];
};

export const thanksLayout: Layout<"thank_you"> = (slide, template, { language }) => {
  const plan = planOf(slide.title, template);
  const { frame, align } = plan;
  const size = plan.size + 16;
  const high = size * 1.25;
  const room = { ...frame, y: frame.y + high + 34, height: frame.height - high - 34 };
  const head = setHead(slide, room, { ...plan, sizes: [30, 28, 26, 24], lines: 1, subtitle: 20, between: 10 });
  const top = (head.boxes[0]?.y ?? room.y) - 34 - high;
  const thanks = setText(
    { zh: "谢谢", en: "Thank you" }[language],
    { ...frame, y: top, height: high },
    {
      role: "label",
      face: "display",
      bold: true,
      sizes: [size],
      lineHeight: 1.2,
      colour: plan.accent,
      on: plan.on,
      align,
      vertical: "bottom",
    },
  );
  return [...plan.ground, bar(plan, top + high + 14), ...thanks, ...head.boxes];
};

function planOf(title: string, template: Template): CoverPlan {
  const { paper, ink, muted, accent, onAccent } = template.colours;
  const shared = { ink, muted, accent, on: paper };
  switch (template.cover) {
    case "left":
      return {
        ...shared,
        ground: tracks(title, { x: 640, y: 36, width: 320, height: 468 }, 8, template),
        frame: { x: MARGIN, y: 50, width: 560, height: 410 },
        align: "left",
        vertical: "middle",
        size: 52,
      };
    case "low":
      return {
        ...shared,
        ground: stations(title, { x: 0, y: 34, width: PAGE.width, height: 190 }, template),
        frame: { x: MARGIN, y: 244, width: CONTENT_WIDTH, height: 240 },
        align: "left",
        vertical: "bottom",
        size: 52,
      };
    case "full":
      return {
        ground: [
          { kind: "shape", shape: "rectangle", x: 0, y: 0, ...PAGE, fill: accent },
          ...contours(title, { x: 590, y: 40, width: 350, height: 460 }, mixColours(onAccent, accent, 0.34)),
        ],
        ink: onAccent,
        muted: mixColours(onAccent, accent, 0.86),
        accent: onAccent,
        on: accent,
        frame: { x: MARGIN, y: 50, width: 540, height: 410 },
        align: "left",
        vertical: "middle",
        size: 52,
      };
    case "centre":
      return {
        ...shared,
        ground: rings(title, { x: 480, y: PAGE.height, radius: 186, count: 6 }, template),
        frame: { x: 110, y: 40, width: 740, height: 300 },
        align: "center",
        vertical: "middle",
        size: 50,
      };
  }
}

/** A short bar between the texts. */
function bar({ frame, align, accent }: CoverPlan, y: number): Box {
  const x = align === "center" ? frame.x + frame.width / 2 - 32 : frame.x;
  return { kind: "shape", shape: "rectangle", x, y, width: 64, height: 6, fill: accent };
}

function sizesFrom(size: number): number[] {
  return [size, size - 4, size - 8, size - 12, size - 16, size - 20];
}
