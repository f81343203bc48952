import type { Deck } from "../deck/deck.js";
import { DECK_CSS, DOCUMENT_CSS, templateCss } from "./deck-css.js";
import { escapeHtml } from "./escape-html.js";
import { renderSlides } from "./slide-html.js";

/** The page needs nothing from anywhere: no script, no font, no picture. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A deck as one file: opened in a browser it scrolls slide by slide, printed it gives one slide a page. */
export function renderDeckDocument(deck: Deck): string {
  return `<!doctype html>
<html lang="${deck.language === "zh" ? "zh-CN" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(deck.title)}</title>
<style>
${templateCss(deck.template)}
${DECK_CSS}
${DOCUMENT_CSS}
</style>
</head>
<body class="deck">
${renderSlides(deck)}
</body>
</html>
`;
}
