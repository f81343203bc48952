import { pathOf } from "../scene/path-segments.js";
import { type Box, type ChartBox, type Frame, PAGE, type Scene, type TextBox } from "../scene/scene.js";
import { escapeHtml } from "./escape-html.js";
import { textHtml } from "./text-html.js";

export interface SceneRendering {
  /** Draws a chart as SVG; without it its place stays empty, and its numbers are told to screen readers alone. */
  chart?: ((box: ChartBox) => string) | undefined;
  /** `id` of the section. */
  id?: string | undefined;
}

/**
 * A slide as HTML: one `section` that is as wide as its place and scales with it; `SLIDE_CSS` belongs to it. Whatever
 * the model wrote is text in it, never markup.
 */
export function renderScene(scene: Scene, { chart, id }: SceneRendering = {}): string {
  const drawn = scene.boxes.map(drawing).join("");
  const charts = scene.boxes.filter((box) => box.kind === "chart").map((box) => figure(box, chart));
  const texts = scene.boxes.filter((box) => box.kind === "text");
  const attributes = [
    `class="slide slide--${scene.type} slide--${scene.template}"`,
    id === undefined ? "" : ` id="${escapeHtml(id)}"`,
    ` lang="${scene.language === "zh" ? "zh-CN" : "en"}"`,
    ` aria-label="${escapeHtml(scene.label)}"`,
    ` style="background:${scene.background}"`,
  ];
  return `<section ${attributes.join("")}><svg class="slide__drawing" viewBox="0 0 ${PAGE.width} ${PAGE.height}" aria-hidden="true">${drawn}</svg>${listing(texts, scene)}${charts.join("")}</section>`;
}

function drawing(box: Box): string {
  if (box.kind === "shape") {
    const { x, y, width, height, fill = "none", line, radius } = box;
    const paint = `fill="${fill}"${line === undefined ? "" : ` stroke="${line.colour}" stroke-width="${line.width}"`}`;
    if (box.shape === "rectangle") {
      const corners = radius ? ` rx="${radius}"` : "";
      return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${corners} ${paint}/>`;
    }
    const [across, down] = [round(width / 2), round(height / 2)];
    return `<ellipse cx="${round(x + width / 2)}" cy="${round(y + height / 2)}" rx="${across}" ry="${down}" ${paint}/>`;
  }
  if (box.kind === "path") {
    const { x, y, fill = "none", stroke, segments } = box;
    const line =
      stroke === undefined
        ? ""
        : ` stroke="${stroke.colour}" stroke-width="${stroke.width}" stroke-linecap="round" stroke-linejoin="round"`;
    return `<path transform="translate(${round(x)} ${round(y)})" d="${pathOf(segments)}" fill="${fill}"${line}/>`;
  }
  return "";
}

/** Items of one list that are boxes of their own stand in one element. */
function listing(texts: readonly TextBox[], scene: Scene): string {
  let html = "";
  let listed = false;
  for (const box of texts) {
    const item = box.listed === true;
    if (item !== listed) html += item ? `<ul class="slide__list">` : "</ul>";
    listed = item;
    html += textElement(box, scene);
  }
  return listed ? `${html}</ul>` : html;
}

function textElement(box: TextBox, scene: Scene): string {
  const paint = `${placeOf(box)};font-size:${share(box.size, PAGE.width)}cqw;line-height:${box.lineHeight};color:${box.colour}`;
  const marked = box.markerColour === undefined ? "" : `;--marker:${box.markerColour}`;
  const classes = [
    "slide__text",
    `slide__text--${box.role}`,
    `slide__text--${box.align}`,
    `slide__text--${box.vertical}`,
    box.face === "display" ? "slide__text--display" : "",
    box.bold ? "slide__text--bold" : "",
    box.marker === undefined ? "" : "slide__text--marked",
  ];
  const attributes = `class="${classes.filter(Boolean).join(" ")}" style="${paint}${marked}"`;
  const element = box.listed ? "li" : elementOf(box, scene);
  return `<${element} ${attributes}><span>${textHtml(box.text)}</span></${element}>`;
}

function elementOf({ role }: TextBox, { type }: Scene): string {
  if (role === "title") return type === "intro" ? "h1" : "h2";
  return { subtitle: "p", heading: "h3", body: "p", quote: "blockquote", label: "p", footer: "footer" }[role];
}

function figure(box: ChartBox, chart: ((box: ChartBox) => string) | undefined): string {
  const { unit, points } = box.chart;
  const numbers = points.map(({ label, value }) => `${label} ${value}${unit === "%" ? "%" : ` ${unit}`}`).join(", ");
  const said = escapeHtml(`${box.label}: ${numbers}`);
  const drawn = chart === undefined ? "" : chart(box);
  return `<figure class="slide__chart" role="img" aria-label="${said}" style="${placeOf(box)}">${drawn}</figure>`;
}

function placeOf({ x, y, width, height }: Frame): string {
  const [left, top] = [share(x, PAGE.width), share(y, PAGE.height)];
  return `left:${left}%;top:${top}%;width:${share(width, PAGE.width)}%;height:${share(height, PAGE.height)}%`;
}

function share(part: number, whole: number): number {
  return Math.round((part / whole) * 1e5) / 1e3;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
