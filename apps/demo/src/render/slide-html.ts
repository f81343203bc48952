import type { Deck } from "../deck/deck.js";
import type { Language } from "../deck/deck-input.js";
import type { Slide } from "../deck/slide.js";
import { renderChart } from "./chart-svg.js";
import { escapeHtml } from "./escape-html.js";
import { fitText, linesOf } from "./fit-text.js";
import { headingHtml } from "./heading-html.js";
import { renderMotif } from "./motif-svg.js";

/** Where a slide stands in its deck. */
export interface SlidePlace {
  index: number;
  total: number;
  topic: string;
  deckTitle: string;
  language: Language;
}

/** All slides of a deck, one `section` each. */
export function renderSlides({ topic, title, language, slides }: Deck): string {
  const total = slides.length;
  return slides
    .map((slide, index) => renderSlide(slide, { index, total, topic, deckTitle: title, language }))
    .join("\n");
}

/** A slide as HTML. Whatever the model wrote is text in it, never markup. */
export function renderSlide(slide: Slide, place: SlidePlace): string {
  const number = place.index + 1;
  const footer = slide.type === "intro" || slide.type === "thank_you" ? "" : footerOf(place);
  const label = escapeHtml(`${number}. ${slide.title}`);
  return `<section class="slide slide--${slide.type}" id="slide-${number}" aria-label="${label}"><div class="slide__page">${bodyOf(slide, place)}${footer}</div></section>`;
}

function bodyOf(slide: Slide, place: SlidePlace): string {
  switch (slide.type) {
    case "intro":
      return coverOf(place.topic, place.deckTitle, slide.subtitle, [3.6, 3.1, 2.6, 2.2]);
    case "thank_you":
      return coverOf(place.language === "zh" ? "谢谢" : "Thank you", slide.title, slide.subtitle, [2.8, 2.4, 2]);
    case "bullets": {
      const size = fitText(slide.bullets, { width: 31, height: 25, gap: 1.75, indent: 3, sizes: TEXT });
      return `<div class="split">${sideOf(slide, place.index)}<ol class="points" style="--fit:${size}">${lines(slide.bullets)}</ol></div>`;
    }
    case "comparison": {
      const headings = Math.max(...slide.columns.map(({ heading }) => linesOf(heading, 21, 1.4)));
      const room = { width: 21, height: 14 - 1.65 * headings - headHeight(slide), gap: 0.75, indent: 1.3, sizes: TEXT };
      const size = Math.min(...slide.columns.map(({ bullets }) => fitText(bullets, room)));
      return `${headOf(slide)}<div class="columns" style="--fit:${size}">${slide.columns
        .map(
          ({ heading, bullets }) =>
            `<div class="column"><h3>${headingHtml(heading)}</h3><ul>${lines(bullets)}</ul></div>`,
        )
        .join("")}</div>`;
    }
    case "chart": {
      const room = { width: 15.4, height: 19.4 - headHeight(slide), gap: 1.3, sizes: TEXT };
      return `${headOf(slide)}<div class="figure" style="--fit:${fitText(slide.bullets, room)}"><div class="figure__chart">${renderChart(slide.chart)}</div><ul class="figure__notes">${lines(slide.bullets)}</ul></div>`;
    }
    case "quote": {
      const size = fitText([slide.quote.text], { width: 42, height: 17, gap: 0, sizes: [3.2, 2.8, 2.4, 2.1, 1.8] });
      return `<figure class="quote"><blockquote style="--fit:${size}">${headingHtml(slide.quote.text)}</blockquote><figcaption><b>${escapeHtml(slide.title)}</b><span>${escapeHtml(slide.quote.voice)}</span></figcaption></figure>`;
    }
    case "conclusion": {
      const count = slide.bullets.length;
      const width = (52 - 1.5 * (count - 1)) / count - 3;
      const longest = slide.bullets.toSorted((a, b) => b.length - a.length).slice(0, 1);
      // Number and padding of a card grow with its text.
      const size = fitText(longest, { width, height: 18 - headHeight(slide), gap: 6.4, sizes: TEXT });
      return `${headOf(slide)}<ol class="cards" style="--fit:${size}">${lines(slide.bullets)}</ol>`;
    }
  }
}

/** Sizes of running text, in ems of the slide. */
const TEXT = [1.36, 1.26, 1.16, 1.08, 1, 0.93, 0.88];
/** Size and measure of a slide's title above its content, and of one beside it. */
const ABOVE = { size: 2.25, width: 49.5 };
const BESIDE = { size: 2.15, width: 17 };

function coverOf(eyebrow: string, title: string, subtitle: string, sizes: readonly number[]): string {
  const size = fitText([title], { width: 36, height: 14, gap: 0, sizes });
  return `${renderMotif(title)}<div class="cover"><p class="eyebrow">${escapeHtml(eyebrow)}</p><h1 style="--fit:${size}">${headingHtml(title)}</h1><p class="subtitle">${escapeHtml(subtitle)}</p></div>`;
}

function headOf({ title, subtitle }: { title: string; subtitle: string }): string {
  return `<header><h2>${headingHtml(title)}</h2><p class="subtitle">${escapeHtml(subtitle)}</p></header>`;
}

/** What the head takes beyond one line of title and one of subtitle. */
function headHeight({ title, subtitle }: { title: string; subtitle: string }): number {
  return (linesOf(title, ABOVE.width, ABOVE.size) - 1) * 2.7 + (linesOf(subtitle, 46, 1.15) - 1) * 1.7;
}

/** A title beside its points; the number of the slide fills what it leaves. */
function sideOf(slide: { title: string; subtitle: string }, index: number): string {
  const taken = linesOf(slide.title, BESIDE.width, BESIDE.size) + linesOf(slide.subtitle, BESIDE.width, 1.15) * 0.6;
  const ghost = `<b class="ghost" aria-hidden="true">${String(index + 1).padStart(2, "0")}</b>`;
  return `<div class="split__head">${headOf(slide)}${taken > 5.5 ? "" : ghost}</div>`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `<li><span>${escapeHtml(text)}</span></li>`).join("");
}

function footerOf({ deckTitle, index, total }: SlidePlace): string {
  const share = Math.round(((index + 1) / total) * 1000) / 10;
  return `<footer><span>${escapeHtml(deckTitle)}</span><span>${index + 1}<i> / ${total}</i></span><b style="width:${share}%"></b></footer>`;
}
