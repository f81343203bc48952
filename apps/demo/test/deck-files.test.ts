import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../src/check/deck-files/find-program.js";
import { judgePages } from "../src/check/deck-files/judge-pages.js";
import { judgePptx } from "../src/check/deck-files/judge-pptx.js";
import { judgeScenes } from "../src/check/deck-files/judge-scenes.js";
import { type PdfPage, pdfWords } from "../src/check/deck-files/pdf-words.js";
import { pptxToPdf } from "../src/check/deck-files/pptx-to-pdf.js";
import { CHROMIUM, LIBRE_OFFICE, PDF_TO_TEXT } from "../src/check/deck-files/programs.js";
import { writeDeckPdf } from "../src/check/deck-files/write-deck-pdf.js";
import type { Deck } from "../src/deck/deck.js";
import { LANGUAGES } from "../src/deck/deck-input.js";
import { deckPptx, scenesPptx } from "../src/export/pptx/deck-pptx.js";
import { renderDeckDocument } from "../src/html/deck-document.js";
import { deckScenes } from "../src/scene/deck-scenes.js";
import type { Box, Scene } from "../src/scene/scene.js";
import { TEMPLATE_IDS } from "../src/scene/template-ids.js";
import { fullDeck } from "./full-deck.js";
import { writtenDeck } from "./written-deck.js";

/** Where everything has to be there, a missing program is a failure and no skip. */
const here = async (program: Parameters<typeof findProgram>[0]) =>
  Boolean(process.env.CI) || (await findProgram(program)) !== undefined;
const canRead = await here(PDF_TO_TEXT);
const canOffice = canRead && (await here(LIBRE_OFFICE));
const canPrint = canRead && (await here(CHROMIUM));
const PATIENCE = 120_000;
/** Browsers at the same time. */
const AT_ONCE = 4;

const CASES = (["written", "full"] as const).flatMap((size) =>
  LANGUAGES.flatMap((language) => TEMPLATE_IDS.map((template) => ({ size, language, template }))),
);
type Case = (typeof CASES)[number];

let folder: string;
let decks: Map<string, Deck>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deck-files-test-"));
  const written = { zh: await writtenDeck("zh"), en: await writtenDeck("en") };
  decks = new Map(
    CASES.map(({ size, language, template }) => {
      const deck = size === "written" ? written[language] : fullDeck(language);
      return [nameOf({ size, language, template }), { ...deck, template }];
    }),
  );
}, PATIENCE);

afterAll(() => rm(folder, { recursive: true, force: true }));

function nameOf({ size, language, template }: Case): string {
  return `${size}-${language}-${template}`;
}

function deckOf(one: Case): Deck {
  const deck = decks.get(nameOf(one));
  if (deck === undefined) throw new Error("no such deck");
  return deck;
}

describe.each(CASES)("a $size deck in $language, $template", (one) => {
  test("its slides keep to the rules for slides", () => {
    expect(judgeScenes(deckScenes(deckOf(one)))).toEqual([]);
  });

  test("its .pptx holds every text, note and number", async () => {
    const deck = deckOf(one);
    expect(judgePptx(await deckPptx(deck), deckScenes(deck))).toEqual([]);
  });
});

async function pagesOf(pdf: string | undefined): Promise<PdfPage[]> {
  const pages = pdf === undefined ? undefined : await pdfWords(pdf);
  if (pages === undefined) throw new Error("a program is missing");
  return pages;
}

describe.skipIf(!canOffice)("in LibreOffice", { timeout: PATIENCE }, () => {
  let pdfs: Map<string, string>;

  beforeAll(async () => {
    const files: string[] = [];
    for (const [name, deck] of decks) {
      files.push(join(folder, `${name}.pptx`));
      await writeFile(join(folder, `${name}.pptx`), await deckPptx(deck));
    }
    const out = join(folder, "office");
    await mkdir(out);
    const made = await pptxToPdf(files, out);
    if (made === undefined) throw new Error("LibreOffice is not installed");
    pdfs = new Map([...decks.keys()].map((name, index) => [name, made[index] ?? ""]));
  }, PATIENCE);

  test.each(CASES)("a $size deck in $language, $template: every text whole and in its box", async (one) => {
    const pages = await pagesOf(pdfs.get(nameOf(one)));
    expect(judgePages(pages, deckScenes(deckOf(one)))).toEqual([]);
  });

  test("a text that is too long, a wrong number and a missing slide are found", async () => {
    const scenes = deckScenes(deckOf({ size: "written", language: "en", template: "paper" }));
    const spoilt = scenes.slice(0, -1).map((scene) => ({ ...scene, boxes: scene.boxes.map(spoil) }));
    const file = join(folder, "spoilt.pptx");
    await writeFile(file, await scenesPptx(spoilt, { title: "Spoilt", topic: "Spoilt", template: "paper" }));
    const [pdf] = (await pptxToPdf([file], folder)) ?? [];
    const pages = await pagesOf(pdf);
    const faults = judgePages(pages, scenes);
    const chart = scenes.flatMap(({ boxes }) => boxes).find((box) => box.kind === "chart");
    const [point] = chart?.chart.points ?? [];
    expect(faults).toContain(`${scenes.length - 1} pages for ${scenes.length} slides`);
    expect(faults).toContain(`slide 4: the chart does not show ${point?.value} for “${point?.label}”`);
    // Judged by what they were meant to show, the long texts have no room.
    expect(judgePages(pages, spoilt).filter((fault) => fault.includes("box"))).not.toEqual([]);
  });
});

describe.skipIf(!canPrint)("printed by Chromium", { timeout: PATIENCE }, () => {
  beforeAll(async () => {
    for (let at = 0; at < CASES.length; at += AT_ONCE) {
      await Promise.all(CASES.slice(at, at + AT_ONCE).map(print));
    }
  }, PATIENCE);

  test.each(CASES)("a $size deck in $language, $template: a slide a page, its text as text", async (one) => {
    const pdf = join(folder, `${nameOf(one)}.print.pdf`);
    expect((await readFile(pdf)).subarray(0, 5).toString()).toBe("%PDF-");
    expect(judgePages(await pagesOf(pdf), deckScenes(deckOf(one)))).toEqual([]);
  });
});

describe.skipIf(!canPrint)("a print", { timeout: PATIENCE }, () => {
  test("with a text that is too long, a wrong number or a missing slide is found", async () => {
    const deck = deckOf({ size: "written", language: "en", template: "night" });
    const slides = deck.slides.slice(0, -1).map((slide) => {
      if (slide.type === "bullets") {
        const [first, ...others] = slide.points;
        return { ...slide, points: [{ icon: "target" as const, text: `${first?.text} `.repeat(9) }, ...others] };
      }
      if (slide.type !== "chart") return slide;
      const points = slide.chart.points.map(({ label, value }) => ({ label, value: value + 1 }));
      return { ...slide, chart: { ...slide.chart, points } };
    });
    const file = join(folder, "spoilt-print");
    await writeFile(`${file}.html`, renderDeckDocument({ ...deck, slides }));
    expect(await writeDeckPdf(`${file}.html`, `${file}.pdf`)).toEqual({});
    const pages = await pagesOf(`${file}.pdf`);
    const meant = judgePages(pages, deckScenes(deck));
    expect(meant).toContain("8 pages for 9 slides");
    expect(meant.filter((fault) => fault.startsWith("slide 4: the chart does not show"))).not.toEqual([]);
    expect(
      judgePages(pages, deckScenes({ ...deck, slides })).filter((fault) => fault.startsWith("slide 2")),
    ).not.toEqual([]);
  });
});

async function print(one: Case): Promise<void> {
  const file = join(folder, nameOf(one));
  await writeFile(`${file}.html`, renderDeckDocument(deckOf(one)));
  expect(await writeDeckPdf(`${file}.html`, `${file}.print.pdf`)).toEqual({});
}

/** Five times the text, and every number one more. */
function spoil(box: Box): Scene["boxes"][number] {
  if (box.kind === "chart") {
    const points = box.chart.points.map(({ label, value }) => ({ label, value: value + 1 }));
    return { ...box, chart: { ...box.chart, points } };
  }
  if (box.kind !== "text" || box.role !== "title") return box;
  return { ...box, text: `${box.text} `.repeat(5).trim() };
}
