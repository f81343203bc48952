import { plainText } from "../../deck/plain-text.js";
import {
  type Box,
  type ChartBox,
  type Frame,
  MARKER_WIDTH,
  type PathBox,
  type Scene,
  type Segment,
  type ShapeBox,
  type TextBox,
} from "../../scene/scene.js";
import { boxName } from "./box-names.js";
import type { PptxSlide } from "./load-pptxgenjs.js";
import { rgb } from "./xml.js";

/** Theme faces: a reader who changes the fonts of the deck changes them everywhere at once. */
const FACES = { display: "+mj-lt", text: "+mn-lt" } as const;

/** Puts the boxes of a scene on a slide, from the back to the front, each at its own frame. */
export function addBoxes(slide: PptxSlide, { boxes, language }: Scene): void {
  // pptxgenjs keeps and changes the objects it is given; every one here is made for one call.
  for (const [index, box] of boxes.entries()) {
    const place = { ...inches(box), objectName: boxName(box, index) };
    addBox(slide, box, place, language === "zh" ? "zh-CN" : "en-US");
  }
}

type Place = ReturnType<typeof inches> & { objectName: string };

function addBox(slide: PptxSlide, box: Box, place: Place, lang: string): void {
  switch (box.kind) {
    case "text":
      addText(slide, box, place, lang);
      break;
    case "shape":
      addShape(slide, box, place);
      break;
    case "path":
      addPath(slide, box, place);
      break;
    case "chart":
      addChart(slide, box, place);
  }
}

function addText(slide: PptxSlide, box: TextBox, place: Place, lang: string): void {
  const { text, marker, face, bold, size, lineHeight, colour, align, vertical } = box;
  const bullet = marker === undefined ? false : { indent: size * MARKER_WIDTH };
  slide.addText([{ text: plainText(text), options: { bullet, breakLine: true } }], {
    ...place,
    isTextBox: true,
    margin: 0,
    wrap: true,
    align,
    valign: vertical,
    lang,
    fontFace: FACES[face],
    fontSize: size,
    bold,
    color: rgb(colour),
    lineSpacing: size * lineHeight,
  });
}

function addShape(slide: PptxSlide, { shape, radius = 0, fill, line }: ShapeBox, place: Place): void {
  const name = shape === "ellipse" ? "ellipse" : radius > 0 ? "roundRect" : "rect";
  slide.addShape(name, {
    ...place,
    ...(fill === undefined ? {} : { fill: { color: rgb(fill) } }),
    ...(line === undefined ? {} : { line: { color: rgb(line.colour), width: line.width } }),
    ...(radius > 0 ? { rectRadius: Math.min(radius / 72, place.w / 2, place.h / 2) } : {}),
  });
}

// Its types leave out the name of freely drawn shapes.
const FREE = "custGeom" as Parameters<PptxSlide["addShape"]>[0];

function addPath(slide: PptxSlide, { segments, stroke, fill }: PathBox, place: Place): void {
  slide.addShape(FREE, {
    ...place,
    points: segments.map(point),
    ...(fill === undefined ? {} : { fill: { color: rgb(fill) } }),
    ...(stroke === undefined ? {} : { line: { color: rgb(stroke.colour), width: stroke.width } }),
  });
}

function point(segment: Segment) {
  if (segment.to === "close") return { close: true } as const;
  const to = { x: segment.x / 72, y: segment.y / 72 };
  switch (segment.to) {
    case "move":
      return { ...to, moveTo: true };
    case "line":
      return to;
    case "cubic": {
      const { x1, y1, x2, y2 } = segment;
      return { ...to, curve: { type: "cubic", x1: x1 / 72, y1: y1 / 72, x2: x2 / 72, y2: y2 / 72 } } as const;
    }
  }
}

/** The frame, the numbers and the workbook behind them; how the chart looks is written by `chartXml`. */
function addChart(slide: PptxSlide, { chart: { kind, unit, points }, label }: ChartBox, place: Place): void {
  const data = {
    name: unit,
    labels: points.map((one) => plainText(one.label)),
    values: points.map(({ value }) => value),
  };
  slide.addChart(kind === "donut" ? "doughnut" : kind, [data], { ...place, altText: plainText(label) });
}

function inches({ x, y, width, height }: Frame): { x: number; y: number; w: number; h: number } {
  return { x: x / 72, y: y / 72, w: width / 72, h: height / 72 };
}
