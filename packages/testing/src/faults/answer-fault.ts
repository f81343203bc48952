import type { Answer } from "../answers/answer.js";
import type { Fault } from "./fault.js";

/** The same answer with what a badly behaved model does to it; other faults leave it alone. */
export function garble(answer: Answer, fault: Fault | undefined): Answer {
  switch (fault?.kind) {
    case "fenced-json":
      return wrapped("```json\n", answer, "\n```");
    case "think-tags":
      return wrapped(
        `<think>\n${answer.reasoning || "The request is clear; the answer follows."}\n</think>\n\n`,
        answer,
        "",
      );
    case "empty":
      return {
        ...answer,
        text: "",
        reasoning: "",
        toolCalls: [],
        annotations: [],
        chunks: undefined,
        finishReason: null,
        nativeFinishReason: null,
      };
    case "no-finish":
      return { ...answer, finishReason: null, nativeFinishReason: null };
    default:
      return answer;
  }
}

/** The answer's text between two others, where it was cut by hand too. */
function wrapped(before: string, answer: Answer, after: string): Answer {
  const { text, chunks } = answer;
  if (!chunks) return { ...answer, text: before + text + after };
  const end = chunks.findLastIndex((chunk) => typeof chunk === "string") + 1;
  const pieces = [before, ...chunks.slice(0, end), after, ...chunks.slice(end)].filter((chunk) => chunk !== "");
  return { ...answer, text: before + text + after, chunks: pieces };
}
