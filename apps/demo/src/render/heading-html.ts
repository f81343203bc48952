import { escapeHtml } from "./escape-html.js";

const words = new Intl.Segmenter("zh", { granularity: "word" });

/**
 * A heading as HTML. Chinese lines break between words, not inside them: large type makes a word that is torn apart
 * hard to read. The style sheet forbids the other breaks.
 */
export function headingHtml(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return escapeHtml(text);
  let html = "";
  let afterOpening = true;
  for (const { segment, isWordLike } of words.segment(text)) {
    // Particles and closing marks stay with the word before them.
    if (isWordLike && segment.length > 1 && !afterOpening) html += "<wbr>";
    html += escapeHtml(segment);
    afterOpening = /[（《“‘「『(]$/u.test(segment);
  }
  return html;
}
