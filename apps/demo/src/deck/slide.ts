import { z } from "zod";
import type { Language } from "./deck-input.js";

/** The kinds of slides of the step-wise generation that the original guide names. */
export const SLIDE_TYPES = ["intro", "bullets", "comparison", "chart", "quote", "conclusion", "thank_you"] as const;
export type SlideType = (typeof SLIDE_TYPES)[number];
/** Those a model chooses from: cover and thanks have their place by themselves. */
export const INNER_TYPES = ["bullets", "comparison", "chart", "quote", "conclusion"] as const satisfies SlideType[];

/** What fits on a slide, in characters. */
interface Limits {
  title: number;
  subtitle: number;
  line: number;
  /** A line in one of two columns. */
  narrow: number;
  heading: number;
  label: number;
  quote: number;
  notes: number;
}

const LIMITS: Readonly<Record<Language, Limits>> = {
  zh: { title: 40, subtitle: 48, line: 72, narrow: 70, heading: 16, label: 14, quote: 72, notes: 400 },
  en: { title: 90, subtitle: 110, line: 150, narrow: 115, heading: 60, label: 24, quote: 150, notes: 900 },
};

/** Closed lists: an axis is always readable, and no words are put into the mouth of somebody made up. */
const UNITS: Readonly<Record<Language, readonly [string, ...string[]]>> = {
  zh: ["%", "亿元", "万人", "小时", "指数"],
  en: ["%", "USD bn", "million people", "hours", "index"],
};
const VOICES: Readonly<Record<Language, readonly [string, ...string[]]>> = {
  zh: ["一线团队的看法", "行业研究的结论", "用户的反馈", "公开报告的判断"],
  en: ["a view from the field", "a finding of industry research", "feedback from users", "a reading of public reports"],
};

const chartPoint = (limits: Limits) =>
  z.object({ label: z.string().min(1).max(limits.label), value: z.number().min(0).max(1_000_000) });

/** What the model is asked for, by type of slide. Title and type are the outline's. */
function contentShapes(limits: Limits, units: readonly [string, ...string[]], voices: readonly [string, ...string[]]) {
  const line = z.string().min(1).max(limits.line);
  const subtitle = z.string().max(limits.subtitle).describe("one short line under the title");
  const speakerNotes = z.string().max(limits.notes).describe("what the speaker says, two or three sentences");
  const points = z
    .array(chartPoint(limits))
    .min(3)
    .max(6)
    .describe("each label once")
    // A label that comes twice would draw one bar over the other.
    .transform((all) => all.filter((one, at) => all.findIndex(({ label }) => label === one.label) === at));
  return {
    intro: z.object({ subtitle, speakerNotes }),
    bullets: z.object({ subtitle, bullets: z.array(line).min(3).max(5), speakerNotes }),
    comparison: z.object({
      subtitle,
      columns: z
        .array(
          z.object({
            heading: z.string().max(limits.heading),
            bullets: z.array(z.string().min(1).max(limits.narrow)).min(2).max(3),
          }),
        )
        .length(2),
      speakerNotes,
    }),
    chart: z.object({
      subtitle,
      chart: z.object({ kind: z.enum(["bar", "line", "donut"]), unit: z.enum(units), points }),
      bullets: z.array(line).min(2).max(3),
      speakerNotes,
    }),
    quote: z.object({ quote: z.object({ text: z.string().max(limits.quote), voice: z.enum(voices) }), speakerNotes }),
    conclusion: z.object({ subtitle, bullets: z.array(line).min(3).max(4), speakerNotes }),
    thank_you: z.object({ subtitle, speakerNotes }),
  };
}

const asked = {
  zh: contentShapes(LIMITS.zh, UNITS.zh, VOICES.zh),
  en: contentShapes(LIMITS.en, UNITS.en, VOICES.en),
};

/** The schema that the model's answer for one slide has to match. */
export function slideContentSchema(type: SlideType, language: Language): (typeof asked)[Language][SlideType] {
  return asked[language][type];
}

const whole = contentShapes(LIMITS.en, [...UNITS.zh, ...UNITS.en], [...VOICES.zh, ...VOICES.en]);
const title = z.string().min(1).max(LIMITS.en.title);

/** A finished slide of any language. */
export const slideSchema = z.discriminatedUnion("type", [
  whole.intro.extend({ type: z.literal("intro"), title }),
  whole.bullets.extend({ type: z.literal("bullets"), title }),
  whole.comparison.extend({ type: z.literal("comparison"), title }),
  whole.chart.extend({ type: z.literal("chart"), title }),
  whole.quote.extend({ type: z.literal("quote"), title }),
  whole.conclusion.extend({ type: z.literal("conclusion"), title }),
  whole.thank_you.extend({ type: z.literal("thank_you"), title }),
]);

export type Slide = z.output<typeof slideSchema>;
export type Chart = Extract<Slide, { type: "chart" }>["chart"];

export function titleLimit(language: Language): number {
  return LIMITS[language].title;
}

export function lineLimit(language: Language): number {
  return LIMITS[language].line;
}
