import type { Message } from "../messages/message.js";
import { type Issue, issueLines } from "./issue.js";
import type { JsonSchema } from "./schema.js";
import { schemaInstruction } from "./schema-instruction.js";

const MOST_CHARACTERS = 6_000;

/**
 * The messages that ask again: what the model said, and what is wrong with it.
 *
 * Units: at most 10 issues and the first 6,000 characters of the answer.
 *
 * @param schema - repeated in words, for where the model may not have seen it
 */
export function reaskMessages(previousText: string, issues: readonly Issue[], schema?: JsonSchema): Message[] {
  const text = previousText.trim();
  const shown = text.length > MOST_CHARACTERS ? `${sliceWhole(text, MOST_CHARACTERS)}…` : text;
  const errors = issueLines(issues).map((line) => `- ${line}`);
  const demand =
    schema === undefined ? "Answer again with the corrected JSON object and nothing else." : schemaInstruction(schema);
  return [
    // Services refuse an empty message, and some refuse two of the user's in a row.
    { role: "assistant", content: shown === "" ? "(no answer)" : shown },
    { role: "user", content: ["That answer cannot be used:", ...errors, "", demand].join("\n") },
  ];
}

/** Cuts without leaving half a surrogate pair. */
function sliceWhole(text: string, most: number): string {
  const code = text.charCodeAt(most - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? most - 1 : most);
}
