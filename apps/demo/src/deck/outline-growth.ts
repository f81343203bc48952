import { type GrowingDraft, type OutlineSlide, toOutlineSlide } from "./outline.js";

/** What a reader of the events learns while the outline is written: the deck's title and the slide that has grown. */
export interface OutlineProgress {
  title: string;
  /** Position of `slide`, from 0; -1 while only the title is there. */
  index: number;
  slide: OutlineSlide | null;
  total_slides: number;
}

/** Fewer new characters than this are not worth an event of their own. */
const STEP = 6;

/**
 * Turns growing drafts into small events: only what has grown since the last one. Slides that were finished in between
 * are told too, so that the events add up to the outline.
 */
export class OutlineGrowth {
  readonly #total: number;
  #told = 0;
  #index = -1;

  constructor(total: number) {
    this.#total = total;
  }

  take(draft: GrowingDraft): OutlineProgress[] {
    const slides = draft.slides ?? [];
    const last = slides.length - 1;
    const length = lengthOf(draft);
    if (last === this.#index && length - this.#told < STEP) return [];
    const from = Math.max(0, this.#index);
    this.#told = length;
    this.#index = last;
    if (last < 0) return [this.#progress(draft, -1)];
    return slides.slice(from).map((_, offset) => this.#progress(draft, from + offset));
  }

  #progress(draft: GrowingDraft, index: number): OutlineProgress {
    return {
      title: draft.title ?? "",
      index,
      slide: index < 0 ? null : toOutlineSlide(draft, index, this.#total),
      total_slides: this.#total,
    };
  }
}

function lengthOf({ title = "", slides = [] }: GrowingDraft): number {
  const texts = slides.flatMap((slide) => [slide.title ?? "", ...(slide.points ?? [])]);
  return texts.reduce((sum, text) => sum + text.length, title.length);
}
