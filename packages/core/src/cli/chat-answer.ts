import type { LLM } from "../client/llm.js";
import type { GenerateRequest } from "../generate/generate-request.js";
import type { FinishReason, GenerateResult } from "../generate/generate-result.js";
import { dollars, seconds } from "./amounts.js";
import { harmless, paint, type Terminal, write, writeLine } from "./terminal.js";

export type ChatSettings = Pick<GenerateRequest, "system" | "maxTokens" | "temperature">;

/** Asks once. Text goes out as it arrives; JSON when all is there. Rejects where the answer is cut. */
export async function answerOnce(
  llm: LLM,
  request: GenerateRequest,
  terminal: Terminal,
  form: "text" | "json",
): Promise<GenerateResult> {
  const { stdout, signal } = terminal;
  const stream = llm.stream({ ...request, signal });
  if (form === "json") {
    const result = await stream.result;
    await writeLine(stdout, harmless(JSON.stringify(printable(result), null, 2), stdout));
    return result;
  }
  let lineEnded = true;
  try {
    for await (const piece of stream) {
      await write(stdout, harmless(piece, stdout));
      lineEnded = piece.endsWith("\n");
    }
  } finally {
    if (!lineEnded) await write(stdout, "\n");
  }
  const result = await stream.result;
  await printFooter(result, terminal);
  return result;
}

function printable(result: GenerateResult): object {
  const { text, reasoning, refusal, finishReason, model, servedBy, generationId, usage, cost, warnings } = result;
  const tokens = usage && { ...usage, raw: undefined };
  return { text, reasoning, refusal, finishReason, model, servedBy, generationId, usage: tokens, cost, warnings };
}

const NOT_WHOLE: Partial<Record<FinishReason, string>> = {
  length: "the answer was cut at the token limit",
  content_filter: "the answer was stopped by a content filter",
};

/** What makes an answer doubtful. */
function doubts({ warnings, refusal, finishReason }: GenerateResult): string[] {
  // The default model is written in the original notation: nothing to trouble anyone with.
  const found = warnings.filter(({ code }) => code !== "model_notation").map(({ message }) => message);
  if (refusal !== undefined) found.push(`the model refused: ${refusal}`);
  return found.concat(NOT_WHOLE[finishReason] ?? []);
}

/** Notes for the person at the terminal; a pipe gets the answer alone, and whatever makes it doubtful. */
async function printFooter(result: GenerateResult, { stderr }: Terminal): Promise<void> {
  for (const doubt of doubts(result))
    await writeLine(stderr, paint("yellow", `warning: ${harmless(doubt, stderr)}`, stderr));
  if (!stderr.isTTY) return;
  const { usage, cost, model, timing } = result;
  const tokens = usage && `${usage.promptTokens} + ${usage.completionTokens} tokens`;
  const parts = [harmless(model, stderr), tokens, cost && dollars(cost.totalUsd), seconds(timing.totalMs)];
  await writeLine(stderr, paint("dim", parts.filter((part) => part !== undefined).join(" · "), stderr));
}
