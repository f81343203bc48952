import { iconBox } from "../../icons.js";
import { tracks } from "../../motif/tracks.js";
import type { Box } from "../../scene.js";
import { setHead } from "../head.js";
import { CONTENT_BOTTOM, MARGIN, shareRoom } from "../layout.js";
import { pointIcons } from "../point-icons.js";
import { pointTexts } from "../point-texts.js";
import { LEAST_POINTS, type PointsLayout } from "./points.js";

const ROWS = { x: 396, y: 56, width: 504, height: CONTENT_BOTTOM - 56 };

/** The title at the left, the points at the right between fine lines. */
export const rowsLayout: PointsLayout = (slide, template) => {
  const { colours } = template;
  const head = setHead(
    slide,
    { x: MARGIN, y: 72, width: 284, height: 300 },
    {
      sizes: [36, 34, 32, 30, 28, 26],
      subtitle: 18,
      between: 12,
      align: "left",
      vertical: "top",
      ink: colours.ink,
      muted: colours.muted,
      on: colours.paper,
      lines: 4,
    },
  );
  const drawn: Box[] = [
    { kind: "shape", shape: "rectangle", x: MARGIN, y: ROWS.y, width: 44, height: 5, fill: colours.accent },
    ...tracks(slide.title, { x: MARGIN, y: 400, width: 284, height: 84 }, 2, template),
  ];
  const points = slide.points ?? [];
  const icons = pointIcons(points);
  const rows = shareRoom(ROWS, Math.max(LEAST_POINTS, points.length), 0, "rows");
  drawn.push(hairline(ROWS.y, colours.line), ...rows.map(({ y, height }) => hairline(y + height, colours.line)));
  rows.forEach(({ x, y, height }, index) => {
    const icon = icons[index];
    if (icon !== undefined) drawn.push(iconBox(icon, x + 10, y + height / 2 - 18, 36, colours.accent));
  });
  const frames = rows.map(({ x, y, width, height }) => ({
    x: x + 72,
    y: y + 6,
    width: width - 80,
    height: height - 12,
  }));
  const texts = pointTexts(points, frames, {
    lines: 1,
    colour: colours.ink,
    on: colours.paper,
    align: "left",
    vertical: "middle",
  });
  return [...drawn, ...head.boxes, ...texts.flat()];
};

function hairline(y: number, colour: string): Box {
  return { kind: "shape", shape: "rectangle", x: ROWS.x, y: y - 0.75, width: ROWS.width, height: 1.5, fill: colour };
}
