import { definePipeline, type Pipeline, type StepContext, step } from "@signalbox/core";
import { DECK_CSS, templateCss } from "../render/deck-css.js";
import { renderDeckDocument } from "../render/deck-document.js";
import { renderDeckMarkdown } from "../render/deck-markdown.js";
import { renderSlides } from "../render/slide-html.js";
import type { Deck } from "./deck.js";
import type { DeckFolders } from "./deck-folders.js";
import type { DeckInput } from "./deck-input.js";
import { DECK_MESSAGES, type DeckMessages } from "./messages.js";
import type { Outline } from "./outline.js";
import type { SearchFindings } from "./search.js";
import { searchWeb } from "./search-web.js";
import { tellPlainly } from "./tell-plainly.js";
import { writeOutline } from "./write-outline.js";
import { type DeckContent, writeSlides } from "./write-slides.js";

/** The steps of a deck, in the original guide's order. */
export const STEP_NAMES = ["outline", "search", "content", "html", "preview", "export"] as const;

interface SetDeck {
  html_content: string;
  css_styles: string;
  layout_type: "slides-16x9";
  /** The type of each slide. */
  components: string[];
}

interface PreviewedDeck extends Pick<SetDeck, "html_content" | "css_styles" | "layout_type"> {
  preview_url: string;
}

interface ExportedDeck {
  presentation_id: string;
  export_format: "html";
  file_url: string;
  files: { format: "html" | "markdown" | "json"; url: string; bytes: number }[];
}

/**
 * The step-wise generation of the original guide: outline → search? → content → html → preview → export. Only the
 * first three ask the model.
 *
 * @param folders - where finished decks are written
 */
export function deckPipeline(folders: DeckFolders): Pipeline<DeckInput> {
  return definePipeline("deck", [
    step("outline", tellPlainly(writeOutline), {
      messages: {
        started: say((texts) => texts.outlineStarted),
        completed: ({ total_slides }, { input }) => DECK_MESSAGES[input.language].outlineCompleted(total_slides),
      },
    }),
    step("search", tellPlainly(searchWeb), {
      optional: true,
      when: ({ input }) => input.search,
      messages: {
        started: say((texts) => texts.searchStarted),
        completed: ({ web_content }, { input }) => DECK_MESSAGES[input.language].searchCompleted(web_content.length),
      },
    }),
    step("content", tellPlainly(writeSlides), {
      messages: {
        started: say((texts) => texts.contentStarted),
        completed: ({ total_slides }, { input }) => DECK_MESSAGES[input.language].contentCompleted(total_slides),
      },
    }),
    step("html", setDeck, {
      messages: {
        started: say((texts) => texts.htmlStarted),
        completed: (_, { input }) => DECK_MESSAGES[input.language].htmlCompleted,
      },
    }),
    step("preview", (context) => previewDeck(context, folders), {
      messages: {
        started: say((texts) => texts.previewStarted),
        completed: (_, { input }) => DECK_MESSAGES[input.language].previewCompleted,
      },
    }),
    step("export", (context) => exportDeck(context, folders), {
      announce: false,
      messages: { completed: (_, { input }) => DECK_MESSAGES[input.language].exportCompleted },
    }),
  ]);
}

function say(pick: (messages: DeckMessages) => string): (inputs: { input: DeckInput }) => string {
  return ({ input }) => pick(DECK_MESSAGES[input.language]);
}

function setDeck(context: StepContext<DeckInput>): SetDeck {
  const deck = deckOf(context);
  return {
    html_content: renderSlides(deck),
    css_styles: `${templateCss(deck.template)}\n${DECK_CSS}`,
    layout_type: "slides-16x9",
    components: deck.slides.map(({ type }) => type),
  };
}

async function previewDeck(context: StepContext<DeckInput>, folders: DeckFolders): Promise<PreviewedDeck> {
  const { html_content, css_styles, layout_type } = context.results.html as SetDeck;
  const { url } = await folders.write(context.runId, "preview.html", renderDeckDocument(deckOf(context)));
  return { preview_url: url, html_content, css_styles, layout_type };
}

async function exportDeck(context: StepContext<DeckInput>, folders: DeckFolders): Promise<ExportedDeck> {
  const { runId } = context;
  const deck = deckOf(context);
  const [html, markdown, json] = await Promise.all([
    folders.write(runId, "deck.html", renderDeckDocument(deck)),
    folders.write(runId, "deck.md", renderDeckMarkdown(deck)),
    folders.write(runId, "deck.json", `${JSON.stringify(deck, null, 2)}\n`),
  ]);
  return {
    presentation_id: runId,
    export_format: "html",
    file_url: html.url,
    files: [
      { format: "html", ...html },
      { format: "markdown", ...markdown },
      { format: "json", ...json },
    ],
  };
}

function deckOf({ input, results }: StepContext<DeckInput>): Deck {
  const { topic, language, template } = input;
  const { title } = results.outline as Outline;
  const { slides } = results.content as DeckContent;
  const sources = (results.search as SearchFindings | undefined)?.web_content ?? [];
  return { topic, title, language, template, slides, sources };
}
