import { mixColours } from "../../mix-colours.js";
import { contours } from "../../motif/contours.js";
import { type Box, PAGE } from "../../scene.js";
import { discIcon } from "../disc-icon.js";
import { setHead } from "../head.js";
import { CONTENT_BOTTOM, shareRoom } from "../layout.js";
import { pointIcons } from "../point-icons.js";
import { pointTexts } from "../point-texts.js";
import { LEAST_POINTS, type PointsLayout } from "./points.js";

const SIDE = 336;
const DISC = 64;
const LIST = { x: SIDE + 44, y: 56, width: PAGE.width - 60 - SIDE - 44, height: CONTENT_BOTTOM - 56 };

/** The title on a coloured side of the page, the points beside it with their icons. */
export const listLayout: PointsLayout = (slide, template) => {
  const { colours } = template;
  const { accent, onAccent } = colours;
  const head = setHead(
    slide,
    { x: 44, y: 60, width: SIDE - 80, height: 290 },
    {
      sizes: [34, 32, 30, 28, 26],
      subtitle: 18,
      between: 14,
      align: "left",
      vertical: "top",
      ink: onAccent,
      muted: mixColours(onAccent, accent, 0.86),
      on: accent,
      lines: 4,
    },
  );
  const drawn: Box[] = [
    { kind: "shape", shape: "rectangle", x: 0, y: 0, width: SIDE, height: PAGE.height, fill: accent },
    ...contours(slide.title, { x: 150, y: 390, width: 180, height: 140 }, mixColours(onAccent, accent, 0.3), 5),
  ];
  const points = slide.points ?? [];
  const icons = pointIcons(points);
  const rows = shareRoom(LIST, Math.max(LEAST_POINTS, points.length), 16, "rows");
  const fill = mixColours(accent, colours.paper, 0.14);
  rows.slice(0, points.length).forEach(({ x, y, height }, index) => {
    drawn.push(...discIcon(icons[index], { x, y: y + (height - DISC) / 2, size: DISC, fill, icon: accent }));
  });
  const indent = DISC + 24;
  const frames = rows.map((row) => ({ ...row, x: row.x + indent, width: row.width - indent }));
  const texts = pointTexts(points, frames, {
    lines: 1,
    colour: colours.ink,
    on: colours.paper,
    align: "left",
    vertical: "middle",
  });
  return [...drawn, ...head.boxes, ...texts.flat()];
};
