import { describe, expect, test } from "vitest";
import { slidesAtLimits } from "../../test/slides-at-limits.js";
import { LANGUAGES, type Language } from "../deck/deck-input.js";
import { SLIDE_TYPES, type Slide } from "../deck/slide.js";
import { lengthOf, MOST_ON_SLIDE } from "../deck/slide-length.js";
import { contrast } from "./contrast.js";
import { type Frame, PAGE, type Scene, type TextBox } from "./scene.js";
import { sceneOf } from "./scene-of.js";
import { textHeight } from "./set-text.js";
import { TEMPLATE_IDS } from "./template-ids.js";

const SLIDES = { zh: slidesAtLimits("zh", 60), en: slidesAtLimits("en", 60) };
const cases = TEMPLATE_IDS.flatMap((template) => LANGUAGES.map((language) => [template, language] as const));

const placeIn = (language: Language) => ({ index: 11, total: 12, deckTitle: "deck", topic: "topic", language });

function scenes(template: (typeof TEMPLATE_IDS)[number], language: Language): { slide: Slide; scene: Scene }[] {
  return SLIDES[language].map((slide) => ({ slide, scene: sceneOf(slide, placeIn(language), template) }));
}

const textsOf = ({ boxes }: Scene): TextBox[] => boxes.filter((box) => box.kind === "text");

test("the slides looked at are of every type and language, many of them full", () => {
  for (const language of LANGUAGES) {
    const types = SLIDES[language].map(({ type }) => type);
    for (const type of SLIDE_TYPES) expect(types.filter((one) => one === type).length).toBeGreaterThan(8);
  }
});

describe.each(cases)("every slide of template %s in %s", (template, language) => {
  const all = scenes(template, language);

  test("keeps all its boxes on the page", () => {
    for (const { slide, scene } of all) {
      const outside = scene.boxes.filter((box) => !isWithin(box, { x: 0, y: 0, ...PAGE }));
      expect(outside, JSON.stringify(slide)).toEqual([]);
    }
  });

  test("keeps drawings within their frames", () => {
    for (const { slide, scene } of all) {
      for (const box of scene.boxes) {
        if (box.kind !== "path") continue;
        for (const segment of box.segments) {
          if (segment.to === "close") continue;
          const isIn = segment.x >= -1 && segment.y >= -1 && segment.x <= box.width + 1 && segment.y <= box.height + 1;
          expect(isIn, `${slide.type} ${JSON.stringify([segment, box.width, box.height])}`).toBe(true);
        }
      }
    }
  });

  test("lets no two texts overlap", () => {
    for (const { slide, scene } of all) {
      const framed = scene.boxes.filter((box) => box.kind === "text" || box.kind === "chart");
      const pairs = framed.flatMap((one, at) => framed.slice(at + 1).map((other) => [one, other] as const));
      const clashes = pairs.filter(([one, other]) => overlap(one, other));
      expect(clashes, JSON.stringify(slide)).toEqual([]);
    }
  });

  test("sets no text below 14 points, running text not below 16, none without a word", () => {
    for (const { slide, scene } of all) {
      for (const { role, size, text } of textsOf(scene)) {
        expect(size, `${slide.type} ${role}`).toBeGreaterThanOrEqual(role === "footer" ? 14 : 16);
        expect(text.trim()).not.toBe("");
      }
      for (const box of scene.boxes) if (box.kind === "chart") expect(box.size).toBeGreaterThanOrEqual(14);
    }
  });

  test("gives every text room for its lines", () => {
    for (const { slide, scene } of all) {
      for (const box of textsOf(scene)) {
        const height = textHeight(box, box.width);
        expect(height, `${JSON.stringify(slide)} ${box.role} ${box.size}`).toBeLessThanOrEqual(box.height + 0.01);
      }
    }
  });

  test("can be read: contrast of at least 4.5, on the surface that is really behind it", () => {
    for (const { slide, scene } of all) {
      scene.boxes.forEach((box, at) => {
        if (box.kind !== "text") return;
        expect(contrast(box.colour, box.on), `${slide.type} ${box.role}`).toBeGreaterThanOrEqual(4.5);
        expect(surfaceBehind(box, scene, at), `${slide.type} ${box.role}`).toBe(box.on);
      });
      for (const box of scene.boxes) {
        if (box.kind !== "chart") continue;
        for (const colour of [box.colours.ink, box.colours.muted]) {
          expect(contrast(colour, box.colours.on)).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });

  test("holds at most 60 words or 160 characters, page number and chart counted", () => {
    for (const { slide, scene } of all) {
      const texts = scene.boxes.flatMap((box) => {
        if (box.kind === "text") return [box.text];
        if (box.kind !== "chart") return [];
        const { unit, points } = box.chart;
        const values = points.map(({ value }) => (unit === "%" ? `${value}%` : String(value)));
        return [...points.map(({ label }) => label), ...values, ...(unit === "%" ? [] : [unit])];
      });
      expect(lengthOf(texts, language), JSON.stringify(slide)).toBeLessThanOrEqual(MOST_ON_SLIDE[language]);
    }
  });

  test("has exactly one title, and says everything that the slide says", () => {
    for (const { slide, scene } of all) {
      const texts = textsOf(scene);
      expect(texts.filter(({ role }) => role === "title").map(({ text }) => text)).toEqual([slide.title]);
      const said = texts.map(({ text }) => text);
      if ("subtitle" in slide) expect(said).toContain(slide.subtitle);
      if ("points" in slide) for (const { text } of slide.points) expect(said).toContain(text);
      if ("columns" in slide) {
        for (const { heading, bullets } of slide.columns)
          expect(said).toEqual(expect.arrayContaining([heading, ...bullets]));
      }
      if ("quote" in slide) expect(said).toEqual(expect.arrayContaining([slide.quote.text, slide.quote.voice]));
      if ("chart" in slide) {
        expect(said).toEqual(expect.arrayContaining(slide.bullets));
        expect(scene.boxes.filter((box) => box.kind === "chart").map(({ chart }) => chart)).toEqual([slide.chart]);
      }
    }
  });
});

test("the same slide gives the same scene", () => {
  for (const slide of SLIDES.en.slice(0, 14)) {
    expect(sceneOf(slide, placeIn("en"), "paper")).toEqual(sceneOf(slide, placeIn("en"), "paper"));
  }
});

function isWithin(inner: Frame, outer: Frame): boolean {
  return (
    inner.x >= outer.x - 0.01 &&
    inner.y >= outer.y - 0.01 &&
    inner.x + inner.width <= outer.x + outer.width + 0.01 &&
    inner.y + inner.height <= outer.y + outer.height + 0.01
  );
}

function overlap(one: Frame, other: Frame): boolean {
  return (
    one.x < other.x + other.width - 0.5 &&
    other.x < one.x + one.width - 0.5 &&
    one.y < other.y + other.height - 0.5 &&
    other.y < one.y + one.height - 0.5
  );
}

/** The colour of the topmost filled surface below a text that holds all of it. */
function surfaceBehind(text: TextBox, { boxes, background }: Scene, at: number): string {
  const fills = boxes.slice(0, at).flatMap((box) => {
    const isSurface = (box.kind === "shape" && box.shape === "rectangle") || box.kind === "path";
    return isSurface && box.fill !== undefined && isWithin(text, box) ? [box.fill] : [];
  });
  return fills.at(-1) ?? background;
}
