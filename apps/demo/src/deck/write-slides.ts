import type { LLM, StepContext, Strategy } from "@signalbox/core";
import { renderSlide } from "../render/slide-html.js";
import type { DeckInput } from "./deck-input.js";
import { inOrder } from "./in-order.js";
import { DECK_MESSAGES } from "./messages.js";
import type { Outline } from "./outline.js";
import { askForSlide } from "./prompts.js";
import type { SearchFindings } from "./search.js";
import { type Slide, slideContentSchema, slideSchema } from "./slide.js";

/** How many slides are written at the same time. */
const AT_ONCE = 3;

/** A slide with what it took. */
interface MadeSlide {
  slide: Slide;
  strategy: Strategy;
  /** Answers it took until one fitted the schema. */
  answers: number;
  tokens: number;
  usd: number;
}

/** `data` of the `processing` events of this step. */
export interface SlideProgress extends MadeSlide {
  index: number;
  total_slides: number;
  valid: boolean;
  /** It comes from an earlier execution of the run and was not asked for again. */
  kept: boolean;
  html: string;
}

export interface DeckContent {
  slides: Slide[];
  total_slides: number;
  template: DeckInput["template"];
  language: DeckInput["language"];
  enhanced: boolean;
}

/** The third step: each slide by itself, checked against its schema, kept as soon as it is there. */
export async function writeSlides(context: StepContext<DeckInput>): Promise<DeckContent> {
  const { input, llm, results, item, progress } = context;
  const outline = results.outline as Outline;
  const findings = results.search as SearchFindings | undefined;
  const total = outline.slides.length;
  const made = await inOrder(
    outline.slides,
    AT_ONCE,
    async (_, index) => {
      let kept = true;
      const one = await item(`slide-${index}`, () => {
        kept = false;
        return writeSlide(llm, input, outline, index, findings);
      });
      return { ...one, kept };
    },
    (one, index) => {
      const place = { index, total, topic: input.topic, deckTitle: outline.title, language: input.language };
      const data: SlideProgress = {
        index,
        total_slides: total,
        valid: slideSchema.safeParse(one.slide).success,
        ...one,
        html: renderSlide(one.slide, place),
      };
      const message = DECK_MESSAGES[input.language].slideReady(index + 1, total);
      progress({ data, message, fraction: (index + 1) / total });
    },
  );
  return {
    slides: made.map(({ slide }) => slide),
    total_slides: total,
    template: input.template,
    language: input.language,
    enhanced: findings !== undefined,
  };
}

async function writeSlide(
  llm: LLM,
  input: DeckInput,
  outline: Outline,
  index: number,
  findings: SearchFindings | undefined,
): Promise<MadeSlide> {
  const planned = outline.slides[index];
  if (planned === undefined) throw new RangeError(`the outline has no slide ${index}`);
  const { title, type } = planned;
  const { object, strategy, usage, cost, steps } = await llm.generateStructured({
    ...askForSlide(input, outline, index, findings),
    schema: slideContentSchema(type, input.language),
    schemaName: `${type}_slide`,
  });
  return {
    slide: slideSchema.parse({ type, title, ...object }),
    strategy,
    answers: steps.length,
    tokens: usage?.totalTokens ?? 0,
    usd: cost?.totalUsd ?? 0,
  };
}
