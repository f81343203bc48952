import { createError } from "../errors/error-classes.js";
import type { Clock } from "../http/clock.js";
import type { ToolMessage } from "../messages/message.js";
import { toolMessage } from "../messages/message-factories.js";
import { type CheckOptions, checkArguments } from "./check-arguments.js";
import { EventQueue } from "./event-queue.js";
import { runTool } from "./run-tool.js";
import { isToolContent } from "./tool-content.js";
import type { Tool, ToolCall } from "./tool-types.js";
import { unlessAborted } from "./unless-aborted.js";

export interface ToolAnswer {
  id: string;
  name: string;
  result: unknown;
  isError?: true | undefined;
}

export type ToolRoundEvent =
  | { type: "tool-progress"; step: number; id: string; name: string; data: unknown }
  | ({ type: "tool-result"; step: number } & ToolAnswer);

export interface ToolRoundOptions extends CheckOptions {
  step: number;
  calls: readonly ToolCall[];
  tools: readonly Tool[];
  /** Names of every tool the request declared, executable or not. */
  declared: ReadonlySet<string>;
  approvals: Readonly<Record<string, true | string>>;
  onToolError: "report" | "throw";
  clock: Clock;
}

/** What a round left: answers in the order of the calls, and the calls nobody answered. */
export interface ToolRoundResult {
  answers: ToolAnswer[];
  messages: ToolMessage[];
  open: ToolCall[];
}

/**
 * Runs the calls of one turn, all at once, and yields their progress and results as they come. A call without an
 * executable tool, or one that waits for approval, stays open. A wrong call is answered with what is wrong.
 */
export async function* toolRound(options: ToolRoundOptions): AsyncGenerator<ToolRoundEvent[], ToolRoundResult> {
  const queue = new EventQueue<ToolRoundEvent>();
  const answered = new Map<string, Answered>();
  const open: ToolCall[] = [];
  let failure: { error: unknown } | undefined;
  const cancel = new AbortController();
  const onAbort = () => cancel.abort(options.signal.reason);
  options.signal.addEventListener("abort", onAbort, { once: true });
  if (options.signal.aborted) onAbort();

  const settle = async (call: ToolCall) => {
    try {
      const made = await answerCall(call, { ...options, signal: cancel.signal }, (data) =>
        queue.push({ type: "tool-progress", step: options.step, id: call.id, name: call.name, data }),
      );
      if (made === undefined) return void open.push(call);
      answered.set(call.id, made);
      queue.push({ type: "tool-result", step: options.step, ...made.answer });
    } catch (error) {
      failure ??= { error };
      cancel.abort(error);
    }
  };
  const all = Promise.all(options.calls.map(settle)).finally(() => queue.close());
  try {
    for (let batch = await queue.take(); batch !== undefined; batch = await queue.take()) yield batch;
    await all;
  } finally {
    cancel.abort(new Error("the round has ended"));
    options.signal.removeEventListener("abort", onAbort);
  }
  if (failure) throw failure.error;
  const inOrder = options.calls.flatMap((call) => answered.get(call.id) ?? []);
  return {
    answers: inOrder.map(({ answer }) => answer),
    messages: inOrder.map(({ message }) => message),
    open: options.calls.filter((call) => open.includes(call)),
  };
}

interface Answered {
  answer: ToolAnswer;
  message: ToolMessage;
}

function answer(call: ToolCall, result: unknown, isError?: true): Answered {
  const { id, name } = call;
  const message: ToolMessage = isToolContent(result)
    ? { role: "tool", tool_call_id: id, content: result.parts }
    : toolMessage(id, result);
  return { answer: { id, name, result, ...(isError ? { isError } : {}) }, message };
}

/** What the model is told of the call; undefined where it stays open. */
async function answerCall(
  call: ToolCall,
  options: ToolRoundOptions,
  onProgress: (data: unknown) => void,
): Promise<Answered | undefined> {
  const tool = options.tools.find((candidate) => candidate.name === call.name);
  const wrong = (message: string, cause?: unknown): Answered => {
    if (options.onToolError === "throw") throw createError("tool", message, { cause });
    return answer(call, { error: message }, true);
  };
  if (tool === undefined && options.tools.length > 0 && !options.declared.has(call.name))
    return wrong(`there is no tool "${call.name}"`);
  if (tool?.execute === undefined) return undefined;
  let outcome: Answered | { error: string } | undefined;
  try {
    outcome = await attemptCall(call, tool, options, onProgress);
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    return wrong(error instanceof Error ? error.message : String(error), error);
  }
  return outcome !== undefined && "error" in outcome ? wrong(outcome.error) : outcome;
}

async function attemptCall(
  call: ToolCall,
  tool: Tool,
  options: ToolRoundOptions,
  onProgress: (data: unknown) => void,
): Promise<Answered | { error: string } | undefined> {
  const checked = await unlessAborted(checkArguments(call, tool, options), options.signal);
  if (!checked.ok) return checked;
  const decision: unknown = Object.hasOwn(options.approvals, call.id) ? options.approvals[call.id] : undefined;
  // Only `true` approves: an answer that came from a browser may be anything.
  if (decision !== undefined && decision !== true)
    return answer(call, { error: typeof decision === "string" ? `refused: ${decision}` : "refused" }, true);
  const asks = decision === undefined && needsApproval(tool, checked.args, call, options);
  if (await unlessAborted(asks, options.signal)) {
    call.needsApproval = true;
    return undefined;
  }
  const result = await runTool({ ...options, tool, call, args: checked.args, onProgress });
  return answer(call, result === undefined ? null : result);
}

function needsApproval(
  tool: Tool,
  args: unknown,
  call: ToolCall,
  options: ToolRoundOptions,
): boolean | Promise<boolean> {
  if (typeof tool.needsApproval !== "function") return Boolean(tool.needsApproval);
  return tool.needsApproval(args as never, { signal: options.signal, call, llm: options.llm });
}
