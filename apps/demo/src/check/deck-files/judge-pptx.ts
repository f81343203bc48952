import { plainText } from "../../deck/plain-text.js";
import { type Parts, partText, readParts } from "../../export/pptx/read-parts.js";
import type { ChartBox, Scene } from "../../scene/scene.js";
import { unescapeXml } from "./unescape-xml.js";

/** Hundredths of a point. */
const SMALLEST = 1400;

/**
 * Looks into a `.pptx`: a slide a scene, each with its real title and its texts, no text box or placeholder left empty,
 * no type under 14 points, the notes, and in every chart and in the workbook behind it the slide's own numbers.
 *
 * Shape: what is wrong, a sentence each; empty where all is right.
 * Throws: `RangeError` where the bytes are no Office file.
 */
export function judgePptx(bytes: Uint8Array, scenes: readonly Scene[]): string[] {
  const parts = readParts(bytes);
  const slides = [...parts.keys()].filter((name) => /^ppt\/slides\/slide\d+\.xml$/.test(name)).length;
  const faults = slides === scenes.length ? [] : [`${slides} slides in the .pptx, not ${scenes.length}`];
  for (const [index, scene] of scenes.slice(0, slides).entries()) {
    faults.push(...judgeSlide(parts, scene, index + 1).map((fault) => `slide ${index + 1}: ${fault}`));
  }
  return faults;
}

function judgeSlide(parts: Parts, scene: Scene, number: number): string[] {
  const shapes = [...partText(parts, `ppt/slides/slide${number}.xml`).matchAll(/<p:sp>.*?<\/p:sp>/gs)].map(([xml]) => ({
    xml,
    text: textIn(xml),
    holdsText: /<p:cNvSpPr txBox="1"|<p:ph /.test(xml),
  }));
  const faults = shapes
    .filter(({ holdsText, text }) => holdsText && text.trim() === "")
    .map(({ xml }) => `${/name="([^"]*)"/.exec(xml)?.[1]} is empty`);
  const title = shapes.filter(({ xml }) => xml.includes('<p:ph type="title"/>')).map(({ text }) => text);
  const wanted = scene.boxes.filter((box) => box.kind === "text");
  const first = wanted.find(({ role }) => role === "title");
  const claim = plainText(first?.text ?? "");
  if (title.length !== 1 || title[0] !== claim) faults.push(`its title is “${title.join("”, “")}”, not “${claim}”`);
  const texts = new Set(shapes.map(({ text }) => text));
  for (const { text } of wanted) {
    if (!texts.has(plainText(text))) faults.push(`“${text}” is not in the .pptx`);
  }
  const small = smallest(shapes.map(({ xml }) => xml).join(""));
  if (small < SMALLEST) faults.push(`type of ${small / 100} points in the .pptx`);
  const notes = textIn(
    /<p:ph type="body".*?<\/p:sp>/s.exec(partText(parts, `ppt/notesSlides/notesSlide${number}.xml`))?.[0] ?? "",
  );
  if (notes !== plainText(scene.notes)) faults.push("its notes are not in the .pptx");
  return [...faults, ...judgeCharts(parts, scene, number)];
}

function judgeCharts(parts: Parts, { boxes }: Scene, number: number): string[] {
  const charts = boxes.filter((box) => box.kind === "chart");
  const found = targets(parts, `ppt/slides/_rels/slide${number}.xml.rels`, "chart");
  if (found.length !== charts.length) return [`${found.length} charts in the .pptx, not ${charts.length}`];
  return charts.flatMap((box, index) => judgeChart(parts, box, found[index] ?? ""));
}

function judgeChart(parts: Parts, { chart: { points } }: ChartBox, name: string): string[] {
  const xml = partText(parts, name);
  const [labels, values] = ["cat", "val"].map((what) => {
    const cached = new RegExp(`<c:${what}>.*?</c:${what}>`, "s").exec(xml)?.[0] ?? "";
    return [...cached.matchAll(/<c:v>(.*?)<\/c:v>/gs)].map(([, text = ""]) => unescapeXml(text));
  });
  const wanted = points.map(({ value }) => String(value));
  const faults: string[] = [];
  if (String(values) !== String(wanted)) faults.push(`the chart of the .pptx holds ${values}, not ${wanted}`);
  if (String(labels) !== String(points.map(({ label }) => plainText(label))))
    faults.push(`the chart of the .pptx names ${labels}`);
  const workbook = workbookNumbers(parts, name);
  if (String(workbook) !== String(wanted)) faults.push(`the chart's workbook holds ${workbook}, not ${wanted}`);
  const small = smallest(xml);
  if (small < SMALLEST) faults.push(`type of ${small / 100} points in a chart of the .pptx`);
  return faults;
}

/** The second column of the sheet that a chart is edited in, without its heading. */
function workbookNumbers(parts: Parts, chart: string): string[] {
  const [workbook = ""] = targets(parts, chart.replace("charts/", "charts/_rels/").concat(".rels"), "package");
  const bytes = parts.get(workbook);
  if (bytes === undefined) return [];
  const sheet = partText(readParts(bytes), "xl/worksheets/sheet1.xml");
  return [...sheet.matchAll(/<c r="B(?!1")\d+"[^>]*><v>([^<]*)<\/v>/g)].map(([, value = ""]) => value);
}

/** The parts that a part refers to by a kind of relation. */
function targets(parts: Parts, rels: string, type: string): string[] {
  const folder = new URL(rels.replace("_rels/", ""), "part:///");
  return [...partText(parts, rels).matchAll(/<Relationship [^>]*>/g)]
    .map(([relation]) => relation)
    .filter((relation) => relation.includes(`relationships/${type}"`))
    .map((relation) => new URL(/Target="([^"]*)"/.exec(relation)?.[1] ?? "", folder).pathname.replace(/^\/+/, ""));
}

function smallest(xml: string): number {
  return Math.min(...[...xml.matchAll(/ sz="(\d+)"/g)].map(([, size]) => Number(size)));
}

/** The paragraphs of a shape, one a line. */
function textIn(xml: string): string {
  return [...xml.matchAll(/<a:p>(.*?)<\/a:p>/gs)]
    .map(([, paragraph = ""]) => [...paragraph.matchAll(/<a:t>(.*?)<\/a:t>/gs)].map(([, text = ""]) => text).join(""))
    .map(unescapeXml)
    .join("\n");
}
