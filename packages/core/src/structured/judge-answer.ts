import type { GenerateResult } from "../generate/generate-result.js";
import { type Extraction, findJson } from "./extract-json.js";
import { type Issue, issueLines } from "./issue.js";
import type { NormalizedSchema } from "./normalize-schema.js";

/** What became of an answer. */
export type Verdict =
  | { ok: true; object: unknown; text: string }
  /** `again`: another try may do better. */
  | { ok: false; again: boolean; issues: Issue[]; detail: string; hint?: string | undefined; text: string };

/**
 * Looks for the object in an answer.
 *
 * @param texts - where it may stand, likeliest first
 */
export async function judgeAnswer(
  schema: NormalizedSchema,
  result: GenerateResult,
  texts: readonly string[],
): Promise<Verdict> {
  let issues: Issue[] | undefined;
  const found: Extraction[] = [];
  for (const text of texts) {
    const extraction = findJson(text);
    found.push(extraction);
    for (const value of extraction.values) {
      const checked = await schema.validate(value);
      if (checked.ok) return { ok: true, object: checked.value, text };
      issues ??= checked.issues;
    }
  }
  const text = texts.find((candidate) => candidate.trim() !== "") ?? "";
  const because = (detail: string, hint?: string): Verdict => ({
    ok: false,
    again: false,
    issues: issues ?? [],
    detail,
    hint,
    text,
  });
  if (result.refusal !== undefined) return because("the model refused to answer", "its words are in `partial.refusal`");
  if (result.finishReason === "content_filter") return because("the answer was stopped by a content filter");
  if (result.toolCalls.length > 0) {
    const names = [...new Set(result.toolCalls.map((call) => call.name))].join(", ");
    return because(
      `the model waits for tools in place of answering: ${names}`,
      "answer `partial.toolCalls` and call again with `partial.newMessages`",
    );
  }
  if (issues === undefined && result.finishReason === "length") {
    return because(
      "the answer was cut at the token limit before the object was complete",
      "raise `maxTokens`, or ask for less",
    );
  }
  const wrong = issues ?? [{ path: "", message: absence(found, result) }];
  return {
    ok: false,
    again: true,
    issues: wrong,
    detail: `the answer does not fit the schema: ${issueLines(wrong).join("; ")}`,
    text,
  };
}

function absence(found: readonly Extraction[], result: GenerateResult): string {
  if (found.some(({ cut }) => cut)) return "the JSON breaks off before it is complete";
  if (found.some(({ broken }) => broken)) return "the JSON is malformed";
  const { rawFinishReason } = result;
  return `there is no JSON object in it${rawFinishReason === undefined ? "" : ` (finish reason "${rawFinishReason}")`}`;
}
