import type { LLM } from "../client/llm.js";
import type { Clock } from "../http/clock.js";
import type { Tool, ToolCall, ToolContext } from "./tool-types.js";
import { unlessAborted } from "./unless-aborted.js";

export interface ToolRun {
  tool: Tool;
  call: ToolCall;
  args: unknown;
  llm: LLM;
  signal: AbortSignal;
  clock: Clock;
  onProgress: (data: unknown) => void;
}

/**
 * Executes one call.
 *
 * Throws: what the tool throws, an error after the tool's `timeoutMs`, and the signal's reason as soon as the
 * call is aborted, whether or not the tool listens.
 */
export async function runTool(run: ToolRun): Promise<unknown> {
  if (run.signal.aborted) throw run.signal.reason;
  const own = new AbortController();
  const onAbort = () => own.abort(run.signal.reason);
  run.signal.addEventListener("abort", onAbort, { once: true });
  const { timeoutMs } = run.tool;
  const timer = timeoutMs
    ? run.clock.after(
        timeoutMs,
        () => own.abort(new Error(`tool "${run.tool.name}" took longer than ${timeoutMs} ms`)),
        { hold: true },
      )
    : undefined;
  try {
    const context = { signal: own.signal, call: run.call, llm: run.llm.scope({ signal: own.signal }) };
    return await unlessAborted(perform(run, context), own.signal);
  } finally {
    timer?.clear();
    run.signal.removeEventListener("abort", onAbort);
  }
}

async function perform(run: ToolRun, context: ToolContext): Promise<unknown> {
  const answer = await run.tool.execute?.(run.args as never, context);
  if (!isGenerator(answer)) return answer;
  for (;;) {
    const turn = await answer.next();
    if (turn.done) return turn.value;
    if (context.signal.aborted) {
      await answer.return(undefined);
      throw context.signal.reason;
    }
    run.onProgress(turn.value);
  }
}

function isGenerator(value: unknown): value is AsyncGenerator<unknown, unknown, void> {
  return (
    typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value && "return" in value
  );
}
