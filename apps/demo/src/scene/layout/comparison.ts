import { iconBox } from "../icons.js";
import { segmentsOf } from "../path-segments.js";
import type { Box, Frame } from "../scene.js";
import { setAlike } from "../set-text.js";
import type { Template } from "../template.js";
import { cardBoxes } from "./card.js";
import { CONTENT_BOTTOM, CONTENT_WIDTH, type Layout, MARGIN, shareRoom } from "./layout.js";
import { topHead } from "./top-head.js";

/** The heading's part of a column. */
const HEAD = 72;
const BADGE = 56;

export const comparisonLayout: Layout<"comparison"> = (slide, template) => {
  const { colours, card } = template;
  const head = topHead(slide, template);
  const columns = slide.columns ?? [];
  const top = head.bottom + 28;
  const room = { x: MARGIN, y: top, width: CONTENT_WIDTH, height: CONTENT_BOTTOM - top };
  const frames = shareRoom(room, 2, 32, "columns");
  const colourOf = (index: number) => (index === 0 ? colours.accent : colours.second);
  const drawn = frames
    .slice(0, columns.length)
    .flatMap((frame, index) => columnBoxes(frame, template, colourOf(index)));
  const inner = frames.map(({ x, y, width, height }) => ({ x: x + 34, y, width: width - 68, height }));
  const isBand = card === "solid";
  const headings = setAlike(
    columns.map(({ heading }, index) => ({ text: heading, frame: headOf(inner[index] ?? room) })),
    {
      role: "heading",
      face: "display",
      bold: true,
      sizes: [28, 26, 24, 22, 20, 18, 16],
      lineHeight: 1.2,
      lines: 1,
      colour: colours.onAccent,
      on: colours.panel,
      align: "left",
      vertical: "middle",
    },
  );
  // What stands side by side is compared: both columns have their lines at the same heights.
  const count = Math.max(2, ...columns.map(({ bullets = [] }) => bullets.length));
  const lines = columns.map(({ bullets = [] }, index) => {
    const rows = shareRoom(bodyOf(inner[index] ?? room), count, 4, "rows");
    return bullets.flatMap((text, at) => (rows[at] === undefined ? [] : [{ text, frame: rows[at] }]));
  });
  const bodies = setAlike(lines.flat(), {
    role: "body",
    listed: true,
    face: "text",
    bold: false,
    sizes: [24, 22, 20, 18, 16],
    lineHeight: 1.3,
    lines: 1,
    marker: "bullet",
    colour: colours.ink,
    on: colours.panel,
    align: "left",
    vertical: "middle",
  });
  const texts = columns.flatMap((_, index): Box[] => {
    const own = colourOf(index);
    const paint = isBand ? { colour: colours.onAccent, on: own } : { colour: own };
    const from = lines.slice(0, index).flat().length;
    const body = bodies.slice(from, from + (lines[index]?.length ?? 0)).flat();
    return [
      ...(headings[index] ?? []).map((box) => ({ ...box, ...paint })),
      ...body.map((box) => ({ ...box, markerColour: own })),
    ];
  });
  return [...drawn, ...(columns.length > 1 ? badge(top + HEAD / 2, template) : []), ...head.boxes, ...texts];
};

function headOf(frame: Frame): Frame {
  return { ...frame, y: frame.y + 5, height: HEAD - 5 };
}

function bodyOf(frame: Frame): Frame {
  return { ...frame, y: frame.y + HEAD + 14, height: frame.height - HEAD - 28 };
}

function columnBoxes(frame: Frame, template: Template, colour: string): Box[] {
  const { card, radius, colours } = template;
  if (card === "solid") {
    const { width } = frame;
    const corner = `a${radius} ${radius} 0 0 1 ${radius}`;
    const band = `M0 ${HEAD}V${radius}${corner} ${-radius}H${width - radius}${corner} ${radius}V${HEAD}Z`;
    return [
      ...cardBoxes(frame, template, colour),
      { kind: "path", ...frame, height: HEAD, segments: segmentsOf(band), fill: colour },
    ];
  }
  const line = { x: frame.x + 34, y: frame.y + HEAD, width: frame.width - 68, height: 1.5 };
  return [...cardBoxes(frame, template, colour), { kind: "shape", shape: "rectangle", ...line, fill: colours.line }];
}

/** A pair of scales between the two columns. */
function badge(middle: number, { colours }: Template): Box[] {
  const [x, y] = [480 - BADGE / 2, middle - BADGE / 2];
  const line = { colour: colours.line, width: 1.5 };
  return [
    { kind: "shape", shape: "ellipse", x, y, width: BADGE, height: BADGE, fill: colours.paper, line },
    iconBox("scale", x + 14, y + 14, BADGE - 28, colours.muted),
  ];
}
