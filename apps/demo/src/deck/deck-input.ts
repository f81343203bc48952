import { z } from "zod";
import { TEMPLATE_IDS } from "../render/templates.js";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a deck is made from. Unknown keys are refused: a browser chooses nothing else. */
export const deckInput = z.strictObject({
  topic: z
    .string()
    .transform((topic) => topic.replace(/\s+/gu, " ").trim())
    .pipe(z.string().min(2).max(200)),
  slides: z.int().min(3).max(12).default(8),
  language: z.enum(LANGUAGES).default("zh"),
  template: z.enum(TEMPLATE_IDS).default("paper"),
  /** Ask the model to look things up on the web before it writes. */
  search: z.boolean().default(true),
});

export type DeckInput = z.output<typeof deckInput>;

export const DEFAULT_TOPIC = "人工智能技术发展趋势";
