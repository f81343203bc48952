import { describe, expect, test } from "vitest";
import type { Deck } from "../deck/deck.js";
import type { Slide } from "../deck/slide.js";
import { renderChart } from "./chart-svg.js";
import { renderDeckDocument } from "./deck-document.js";
import { renderDeckMarkdown } from "./deck-markdown.js";
import { fitText } from "./fit-text.js";
import { headingHtml } from "./heading-html.js";
import { renderMotif } from "./motif-svg.js";
import { renderSlide } from "./slide-html.js";
import { TEMPLATE_IDS, TEMPLATES } from "./templates.js";

const NASTY = `<script>alert("x")</script>'&`;
const place = { index: 1, total: 3, topic: NASTY, deckTitle: NASTY, language: "en" as const };
const notes = { subtitle: NASTY, speakerNotes: NASTY, title: NASTY };
const points = [
  { label: NASTY, value: 12.5 },
  { label: "two words", value: 40 },
  { label: "third", value: 0 },
];
const slides: Slide[] = [
  { type: "intro", ...notes },
  { type: "bullets", ...notes, bullets: [NASTY, NASTY, NASTY] },
  {
    type: "comparison",
    ...notes,
    columns: [
      { heading: NASTY, bullets: [NASTY, NASTY] },
      { heading: "b", bullets: ["c", "d"] },
    ],
  },
  { type: "chart", ...notes, chart: { kind: "bar", unit: "%", points }, bullets: [NASTY, NASTY] },
  { type: "quote", title: NASTY, quote: { text: NASTY, voice: NASTY }, speakerNotes: NASTY },
  { type: "conclusion", ...notes, bullets: [NASTY, NASTY, NASTY] },
  { type: "thank_you", ...notes },
];
const deck: Deck = {
  topic: NASTY,
  title: NASTY,
  language: "en",
  template: "paper",
  slides,
  sources: [{ title: NASTY, snippet: NASTY, url: "https://example.com/a" }],
};

describe("slides as HTML", () => {
  test.each(slides.map((slide) => [slide.type, slide] as const))(
    "a model's markup stays text on a slide of type %s",
    (_, slide) => {
      const html = renderSlide(slide, place);
      expect(html).not.toMatch(/<script|alert\("/);
      expect(html).toContain("&lt;script&gt;");
      expect(html).toContain(`slide--${slide.type}`);
    },
  );

  test("a document stands alone: no script, nothing from elsewhere, one section a slide", () => {
    const html = renderDeckDocument(deck);
    expect(html.match(/<section /g)).toHaveLength(slides.length);
    expect(html).not.toMatch(/<script|<link|<img|url\(|@import|src=/);
    expect(html).toContain("default-src 'none'");
    expect(renderDeckDocument(deck)).toBe(html);
  });

  test("every template has its own colours, with text that can be read on its paper", () => {
    const papers = TEMPLATE_IDS.map((id) => TEMPLATES[id].colours.paper);
    expect(new Set(papers).size).toBe(TEMPLATE_IDS.length);
    for (const id of TEMPLATE_IDS) {
      const { paper, panel, ink, muted, accent } = TEMPLATES[id].colours;
      for (const text of [ink, muted, accent]) {
        expect(contrast(text, paper)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(text, panel)).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(new Set(TEMPLATE_IDS.map((id) => TEMPLATES[id].mode))).toEqual(new Set(["light", "dark"]));
  });

  test("Chinese headings break between words and nowhere else", () => {
    expect(headingHtml("人工智能：质量控制")).toBe("人工<wbr>智能：<wbr>质量<wbr>控制");
    expect(headingHtml("Solar <power>")).toBe("Solar &lt;power&gt;");
  });

  test("a motif follows from its title", () => {
    expect(renderMotif("one")).toBe(renderMotif("one"));
    expect(renderMotif("one")).not.toBe(renderMotif("two"));
  });
});

describe("charts", () => {
  test.each(["bar", "line", "donut"] as const)("a %s chart shows every label and number as text", (kind) => {
    const svg = renderChart({ kind, unit: "hours", points });
    const texts = [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map(([, text]) => text).join("|");
    for (const { value } of points) expect(texts).toContain(String(value));
    for (const label of ["third", "&lt;script&gt;", "hours"]) expect(texts).toContain(label);
    expect(svg).not.toContain("NaN");
  });

  test.each(["bar", "line", "donut"] as const)("a %s chart of nothing but zeros can be drawn", (kind) => {
    const svg = renderChart({
      kind,
      unit: "%",
      points: [
        { label: "a", value: 0 },
        { label: "b", value: 0 },
      ],
    });
    expect(svg).toMatch(/0%/);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test("bars are as long as their numbers", () => {
    const svg = renderChart({
      kind: "bar",
      unit: "%",
      points: [
        { label: "a", value: 50 },
        { label: "b", value: 100 },
      ],
    });
    const [half = 0, whole = 0] = [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(half * 2).toBeCloseTo(whole, 0);
  });
});

describe("text that has to fit", () => {
  const room = { width: 20, height: 10, gap: 0.5, sizes: [2, 1, 0.5] };

  test("is as large as its room allows", () => {
    expect(fitText(["short"], room)).toBe(2);
    expect(fitText(["a line of some length, about fifty characters long"], { ...room, height: 4 })).toBe(1);
    expect(
      fitText(
        Array.from({ length: 40 }, () => "too much"),
        room,
      ),
    ).toBe(0.5);
  });

  test("counts Han characters as twice as wide", () => {
    const latin = "x".repeat(39);
    const han = "字".repeat(39);
    expect(fitText([latin], { ...room, height: 7 })).toBe(2);
    expect(fitText([han], { ...room, height: 7 })).toBe(1);
  });
});

test("Markdown has a heading a slide, tables for charts, notes and sources, and no markup of the model's", () => {
  const markdown = renderDeckMarkdown(deck);
  expect(markdown.match(/^## \d\. /gm)).toHaveLength(slides.length);
  expect(markdown).toContain("| two words | 40 |");
  expect(markdown).toContain("## Sources");
  expect(markdown).toContain("(<https://example.com/a>)");
  expect(markdown).not.toMatch(/(?<!\\)<script/);
});

/** WCAG's contrast of two colours. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
