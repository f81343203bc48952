import { lengthOf, MOST_ON_SLIDE } from "../../deck/slide-length.js";
import { contrast } from "../../scene/contrast.js";
import { type Box, type ChartBox, PAGE, type Scene, type TextBox } from "../../scene/scene.js";
import { textHeight } from "../../scene/set-text.js";

const SMALLEST = 14;
/** WCAG 2.2, success criterion 1.4.3. */
const LEAST_CONTRAST = 4.5;

/**
 * What slides must keep to wherever they are shown: type of 14 points at least, contrast, few words, nothing empty,
 * nothing over the edge, every text with room in its frame.
 *
 * Shape: what is wrong, a sentence each; empty where all is right.
 */
export function judgeScenes(scenes: readonly Scene[]): string[] {
  return scenes.flatMap((scene, index) =>
    [...judgeLength(scene), ...scene.boxes.flatMap((box, index) => judgeBox(box, groundOf(scene, index)))].map(
      (fault) => `slide ${index + 1}: ${fault}`,
    ),
  );
}

function judgeLength({ boxes, language }: Scene): string[] {
  const length = lengthOf(boxes.flatMap(textsOf), language);
  const most = MOST_ON_SLIDE[language];
  return length <= most ? [] : [`${length} ${language === "zh" ? "characters" : "words"}, more than ${most}`];
}

/** The colour that is really behind a box: the surface that was drawn last where its middle is, else the page. */
function groundOf({ boxes, background }: Scene, index: number): string {
  const { x, y, width, height } = boxes[index] as Box;
  const [column, row] = [x + width / 2, y + height / 2];
  const covers = (box: Box) =>
    box.x <= column && box.x + box.width >= column && box.y <= row && box.y + box.height >= row;
  const below = boxes.slice(0, index).filter((box) => box.kind === "shape" || box.kind === "path");
  return below.findLast((box) => box.fill !== undefined && covers(box))?.fill ?? background;
}

function judgeBox(box: Box, ground: string): string[] {
  const { x, y, width, height } = box;
  const name = box.kind === "text" ? `“${box.text}”` : `a ${box.kind}`;
  const rules: [boolean, string][] = [
    [width > 0 && height > 0, `${name} has no room at all`],
    [x >= 0 && y >= 0 && x + width <= PAGE.width && y + height <= PAGE.height, `${name} leaves the page`],
  ];
  // Drawings may run off the page: they are decoration.
  const faults = (box.kind === "path" ? [] : rules).filter(([holds]) => !holds).map(([, fault]) => fault);
  if (box.kind === "text") faults.push(...judgeText(box, name, ground));
  if (box.kind === "chart") faults.push(...judgeChart(box, ground));
  return faults;
}

function judgeText(box: TextBox, name: string, ground: string): string[] {
  const ratio = contrast(box.colour, ground);
  const rules: [boolean, string][] = [
    [box.text.trim() !== "", `${name} is empty`],
    [box.size >= SMALLEST, `${name} is set in ${box.size} points`],
    [ratio >= LEAST_CONTRAST, `${name} has a contrast of ${ratio.toFixed(1)}`],
    [box.on === ground, `${name} is said to stand on ${box.on}, and stands on ${ground}`],
    [textHeight(box, box.width) <= box.height + 0.5, `${name} has no room in its frame`],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => fault);
}

function judgeChart({ size, colours: { ink, muted }, chart }: ChartBox, ground: string): string[] {
  const rules: [boolean, string][] = [
    [chart.points.length > 0, "a chart has no points"],
    [size >= SMALLEST, `a chart is set in ${size} points`],
    [Math.min(contrast(ink, ground), contrast(muted, ground)) >= LEAST_CONTRAST, "a chart has too little contrast"],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => fault);
}

function textsOf(box: Box): string[] {
  if (box.kind === "text") return [box.text];
  if (box.kind !== "chart") return [];
  const { points, unit } = box.chart;
  return [unit, ...points.flatMap(({ label, value }) => [label, String(value)])];
}
