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
  /** Runs each tool, and hears how it ends. */
  watch?: (<T>(tool: { id: string; name: string; args: unknown }, work: () => Promise<T>) => Promise<T>) | undefined;
  /** Told which calls stay open, before any other one runs; what it throws ends the round. */
  beforeRun?: ((open: readonly ToolCall[]) => void) | undefined;
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
  const answered = new Map<ToolCall, Answered>();
  let failure: { error: unknown } | undefined;
  const cancel = new AbortController();
  const onAbort = () => cancel.abort(options.signal.reason);
  options.signal.addEventListener("abort", onAbort, { once: true });
  if (options.signal.aborted) onAbort();
  const bound = { ...options, signal: cancel.signal };
  const open = new Set<ToolCall>();
  const inOrder = (kept: { has(call: ToolCall): boolean }) => options.calls.filter((call) => kept.has(call));

  const judging = options.calls.map(async (call) => {
    const judged = await judgeCall(call, bound);
    if (judged === "open") open.add(call);
    return judged;
  });
  const { beforeRun } = options;
  const mayRun = beforeRun && Promise.all(judging).then(() => beforeRun(inOrder(open)));
  const settle = async (call: ToolCall, position: number) => {
    try {
      // Both at once: the second may fail while the first is waited for.
      const [judged] = await Promise.all([judging[position] as Promise<Judged>, mayRun]);
      if (judged === "open") return;
      const made =
        "answer" in judged
          ? judged
          : await runCall(call, judged, bound, (data) =>
              queue.push({ type: "tool-progress", step: options.step, id: call.id, name: call.name, data }),
            );
      answered.set(call, made);
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
  const made = options.calls.flatMap((call) => answered.get(call) ?? []);
  return {
    answers: made.map(({ answer }) => answer),
    messages: made.map(({ message }) => message),
    open: inOrder(open),
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

/** A call that is to run. */
interface Ready {
  tool: Tool;
  args: unknown;
}

/** What a call comes to before anything runs: an answer already, a call that stays open, or a run. */
type Judged = Answered | "open" | Ready;

/** What is wrong with a call, in words for the model. */
interface Mistake {
  error: string;
}

async function judgeCall(call: ToolCall, options: ToolRoundOptions): Promise<Judged> {
  const tool = options.tools.find((candidate) => candidate.name === call.name);
  if (tool === undefined && options.tools.length > 0 && !options.declared.has(call.name))
    return wrong(call, options, `there is no tool "${call.name}"`);
  if (tool?.execute === undefined) return "open";
  return attempted(call, options, async (): Promise<Judged | Mistake> => {
    const checked = await unlessAborted(checkArguments(call, tool, options), options.signal);
    if (!checked.ok) return { error: checked.error };
    const decision: unknown = Object.hasOwn(options.approvals, call.id) ? options.approvals[call.id] : undefined;
    // Only `true` approves: an answer that came from a browser may be anything.
    if (decision !== undefined && decision !== true)
      return answer(call, { error: typeof decision === "string" ? `refused: ${decision}` : "refused" }, true);
    const asks = decision === undefined && needsApproval(tool, checked.args, call, options);
    if (!(await unlessAborted(asks, options.signal))) return { tool, args: checked.args };
    call.needsApproval = true;
    return "open";
  });
}

function runCall(
  call: ToolCall,
  ready: Ready,
  options: ToolRoundOptions,
  onProgress: (data: unknown) => void,
): Promise<Answered> {
  return attempted(call, options, async () => {
    const run = () => runTool({ ...options, ...ready, call, onProgress });
    const { id, name } = call;
    const result = await (options.watch?.({ id, name, args: ready.args }, run) ?? run());
    return answer(call, result === undefined ? null : result);
  });
}

/** What `work` gives; where it fails or finds a mistake, the model is told. */
async function attempted<T extends Judged>(
  call: ToolCall,
  options: ToolRoundOptions,
  work: () => Promise<T | Mistake>,
): Promise<T | Answered> {
  let outcome: T | Mistake;
  try {
    outcome = await work();
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    return wrong(call, options, error instanceof Error ? error.message : String(error), error);
  }
  return typeof outcome === "object" && "error" in outcome ? wrong(call, options, outcome.error) : outcome;
}

function wrong(call: ToolCall, { onToolError }: ToolRoundOptions, message: string, cause?: unknown): Answered {
  if (onToolError === "throw") throw createError("tool", message, { cause });
  return answer(call, { error: message }, true);
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
