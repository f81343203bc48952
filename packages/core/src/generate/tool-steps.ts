import { createError } from "../errors/error-classes.js";
import { answerToolName } from "../structured/answer-tool.js";
import { normalizeSchema } from "../structured/normalize-schema.js";
import { repairedCalls } from "../tools/repaired-calls.js";
import { type ToolRoundOptions, type ToolRoundResult, toolRound } from "../tools/tool-round.js";
import type { ToolCall } from "../tools/tool-types.js";
import { unlessAborted } from "../tools/unless-aborted.js";
import type { Engine } from "./engine.js";
import type { Step, Warning } from "./generate-result.js";
import type { PreparedCall } from "./prepare-call.js";
import type { StreamEvent } from "./stream-event.js";
import { wireToolChoice } from "./wire-tool-choice.js";

const MAX_STEPS = 8;

/** What comes after a step: nothing, or a round of tools, which may be for the last step's sake. */
export type Next = "done" | { isLast: boolean; beforeRun?: ToolRoundOptions["beforeRun"] };

/**
 * What comes after a step that may have called tools.
 *
 * Throws: `max_steps` where there are calls to run and no step left for their answers.
 */
export function judge(call: PreparedCall, calls: readonly ToolCall[], step: Step, number: number, last: boolean): Next {
  const executable = (toolCall: ToolCall) =>
    call.tools.find((tool) => tool.name === toolCall.name && tool.execute !== undefined);
  if (calls.length === 0 || call.tools.length === 0 || last || step.finishReason === "length") return "done";
  const unknown = calls.some((toolCall) => !call.declared.has(toolCall.name));
  if (!calls.some(executable) && !unknown) return "done";
  if (number + 1 < (call.request.maxSteps ?? MAX_STEPS)) return { isLast: false };
  if (call.request.onMaxSteps === "return") return "done";
  if (call.request.onMaxSteps === "answer") return { isLast: true };
  // A call that stays open ends the loop by itself: no further step is needed.
  const beforeRun = (open: readonly ToolCall[]) => {
    if (open.length === 0) throw tooManySteps(number + 1);
  };
  const mayStayOpen = calls.some((toolCall) => {
    const tool = executable(toolCall);
    return tool === undefined ? call.declared.has(toolCall.name) : Boolean(tool.needsApproval);
  });
  if (!mayStayOpen) throw tooManySteps(number + 1);
  return { isLast: false, beforeRun };
}

function tooManySteps(steps: number) {
  return createError("max_steps", `the model still calls tools after ${steps} steps`, {
    hint: 'raise maxSteps, or set onMaxSteps to "return" or "answer"',
  });
}

/** Runs the calls of a step, or those that waited for approval, and yields what they tell where it is streamed. */
export async function* runTools(
  engine: Engine,
  call: PreparedCall,
  asked: Pick<ToolRoundOptions, "step" | "calls" | "approvals" | "repair" | "beforeRun">,
  streaming: boolean,
): AsyncGenerator<StreamEvent[], ToolRoundResult> {
  const watcher = engine.watcher && (engine.watcher.loaded ?? (await engine.watcher()));
  const round = toolRound({
    ...asked,
    watch: watcher && ((tool, work) => watcher.tool({ ...tool, call }, work)),
    tools: call.tools,
    declared: call.declared,
    onToolError: call.request.onToolError ?? "report",
    read: (parameters) => normalizeSchema(parameters),
    llm: call.scope.llm(),
    signal: call.signal.signal,
    clock: engine.clock,
  });
  for (;;) {
    const turn = await round.next();
    if (turn.done) return turn.value;
    if (streaming) yield turn.value;
  }
}

/** Puts the repaired arguments of calls into the step's message; gives a warning for each. */
export function keepRepairs({ message }: Step, calls: readonly ToolCall[]): Warning[] {
  const mended = calls.filter((call) => call.repaired);
  if (mended.length > 0) message.tool_calls = repairedCalls(message.tool_calls ?? [], mended);
  return mended.map(({ name }) => ({
    code: "tool_call_repaired",
    message: `the arguments of a call of "${name}" did not fit and were repaired`,
  }));
}

/** Whether a condition of the request ends the loop here. */
export async function stops(call: PreparedCall, steps: readonly Step[]): Promise<boolean> {
  const { stopWhen } = call.request;
  const conditions = stopWhen === undefined ? [] : typeof stopWhen === "function" ? [stopWhen] : stopWhen;
  for (const condition of conditions) {
    if (await unlessAborted(condition({ steps }), call.signal.signal)) return true;
  }
  return false;
}

/** The choice of tools for a step behind the first one, where it is another than that of the request. */
export function nextChoice(call: PreparedCall, last: boolean): { tool_choice: unknown } | undefined {
  if (last) return { tool_choice: finalChoice(call) };
  return isForced(call.body.tool_choice) ? { tool_choice: "auto" } : undefined;
}

/** Nothing but the answer: in words, or by the function whose arguments are the answer. */
function finalChoice({ request }: PreparedCall): unknown {
  const name = answerToolName(request.tools);
  return name === undefined ? "none" : wireToolChoice({ name });
}

/** A choice that was forced holds for the first step only: held on to, the loop could never end. */
function isForced(choice: unknown): boolean {
  return choice === "required" || (typeof choice === "object" && choice !== null);
}
