import type { Deck } from "../deck/deck.js";
import type { Slide } from "../deck/slide.js";

/** A deck as Markdown: a heading a slide, what stands on it, and the notes as quotations. */
export function renderDeckMarkdown({ title, topic, slides, sources, language }: Deck): string {
  const words = language === "zh" ? { sources: "资料来源" } : { sources: "Sources" };
  const parts = slides.map((slide, index) =>
    [`## ${index + 1}. ${plain(slide.title)}`, ...bodyOf(slide), `> ${plain(slide.speakerNotes)}`].join("\n\n"),
  );
  const listed = sources.map(({ title: source, url, snippet }) => `- [${plain(source)}](<${url}>): ${plain(snippet)}`);
  const tail = listed.length === 0 ? [] : [`## ${words.sources}`, listed.join("\n")];
  return `${[`# ${plain(title)}`, plain(topic), ...parts, ...tail].join("\n\n")}\n`;
}

function bodyOf(slide: Slide): string[] {
  const subtitle = "subtitle" in slide && slide.subtitle !== "" ? [`*${plain(slide.subtitle)}*`] : [];
  const bullets = "bullets" in slide ? [bulletsOf(slide.bullets)] : [];
  switch (slide.type) {
    case "comparison":
      return [...subtitle, ...slide.columns.flatMap((one) => [`### ${plain(one.heading)}`, bulletsOf(one.bullets)])];
    case "chart": {
      const { unit, points } = slide.chart;
      const rows = points.map(({ label, value }) => `| ${plain(label)} | ${value} |`);
      return [...subtitle, [`| | ${plain(unit)} |`, "| --- | ---: |", ...rows].join("\n"), ...bullets];
    }
    case "quote":
      return [`**${plain(slide.quote.text)}**`, `— ${plain(slide.quote.voice)}`];
    default:
      return [...subtitle, ...bullets];
  }
}

function bulletsOf(texts: readonly string[]): string {
  return texts.map((text) => `- ${plain(text)}`).join("\n");
}

/** A model's text on one line, with nothing in it that Markdown would read as its own. */
function plain(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[\\`*_[\]<>|#]/g, "\\$&");
}
