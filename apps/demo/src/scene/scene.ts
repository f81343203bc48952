import type { Chart, SlideType } from "../deck/slide.js";
import type { TemplateId } from "./template-ids.js";

/** The page of every slide, in points: 13⅓ × 7½ inches, as PowerPoint's wide page has it. */
export const PAGE = { width: 960, height: 540 } as const;

/** A slide as boxes on a page: what every way of showing it draws, so that all of them show the same. */
export interface Scene {
  type: SlideType;
  /** Whose typefaces the boxes' `face` means. */
  template: TemplateId;
  /** `#rrggbb`. */
  background: string;
  /** What it is called where it cannot be seen: number and title. */
  label: string;
  /** From the back to the front. */
  boxes: Box[];
  notes: string;
  language: "zh" | "en";
}

export type Box = TextBox | ShapeBox | PathBox | ChartBox;

/** The column of a marker, in ems of its text. */
export const MARKER_WIDTH = 1.1;

/** Where a box stands, in points from the upper left corner of the page. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a text is to its reader; HTML takes its elements from it, a `.pptx` its placeholders' names. */
export type TextRole = "title" | "subtitle" | "heading" | "body" | "quote" | "label" | "footer";

/** A text, already as large as it may be in its frame. */
export interface TextBox extends Frame {
  kind: "text";
  role: TextRole;
  /** Of one paragraph; never empty. */
  text: string;
  /** What stands before it, `MARKER_WIDTH` wide. */
  marker?: "bullet" | undefined;
  /** Its colour; the text's by default. */
  markerColour?: string | undefined;
  /** One of several items of a list, each a box of its own; they follow one another in `boxes`. */
  listed?: boolean | undefined;
  face: "display" | "text";
  bold: boolean;
  /** Points; 14 at least. */
  size: number;
  /** Multiple of `size`. */
  lineHeight: number;
  colour: string;
  /** The colour behind the text, for its contrast. */
  on: string;
  align: "left" | "center" | "right";
  vertical: "top" | "middle" | "bottom";
}

/** A filled or outlined surface; decoration only. */
export interface ShapeBox extends Frame {
  kind: "shape";
  shape: "rectangle" | "ellipse";
  fill?: string | undefined;
  /** Outline; none by default. */
  line?: { colour: string; width: number } | undefined;
  /** Of the corners, in points. @default 0 */
  radius?: number | undefined;
}

/** A drawing: icons and motifs; decoration only. */
export interface PathBox extends Frame {
  kind: "path";
  /** Absolute segments in the box's own points, from its upper left corner. */
  segments: Segment[];
  stroke?: { colour: string; width: number } | undefined;
  fill?: string | undefined;
}

export type Segment =
  | { to: "move" | "line"; x: number; y: number }
  | { to: "cubic"; x1: number; y1: number; x2: number; y2: number; x: number; y: number }
  | { to: "close" };

/** A chart drawn from the slide's own numbers. */
export interface ChartBox extends Frame {
  kind: "chart";
  chart: Chart;
  /** What the chart is called where it cannot be seen. */
  label: string;
  /** Points; 14 at least. */
  size: number;
  colours: { ink: string; muted: string; line: string; on: string; series: string[] };
}
