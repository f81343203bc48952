import { createError } from "../errors/error-classes.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { Message } from "../messages/message.js";
import { enforcePolicy } from "../models/policy.js";
import { answerToolName } from "../structured/answer-tool.js";
import { normalizeSchema } from "../structured/normalize-schema.js";
import { repairedCalls } from "../tools/repaired-calls.js";
import { type ToolRoundOptions, type ToolRoundResult, toolRound } from "../tools/tool-round.js";
import type { ToolCall } from "../tools/tool-types.js";
import { unlessAborted } from "../tools/unless-aborted.js";
import { assembleResult, type RunTotals } from "./assemble-result.js";
import { abortError } from "./call-signal.js";
import type { Engine } from "./engine.js";
import { explain } from "./explain.js";
import type { GenerateResult, Step, Warning } from "./generate-result.js";
import { pendingCalls } from "./pending-calls.js";
import { pinProvider } from "./pin-provider.js";
import type { PreparedCall } from "./prepare-call.js";
import { present } from "./present.js";
import type { StreamEvent } from "./stream-event.js";
import { Turn } from "./turn.js";
import { wireToolChoice } from "./wire-tools.js";

const MAX_STEPS = 8;

/**
 * Runs a call to its end: asks the model, executes the calls it answers with, asks again. Yields batches of events, and
 * each turn that is to be read, to its end, before the run goes on (none where the answer is not streamed); a turn that
 * fails is thrown back in. Returns the result.
 *
 * Throws: every failure once, as an LLMError with the attempts so far and what had arrived as `partial`.
 */
export async function* runTurns(
  engine: Engine,
  call: PreparedCall,
  streaming: boolean,
): AsyncGenerator<StreamEvent[] | Turn, GenerateResult> {
  const totals: RunTotals = {
    call,
    steps: [],
    newMessages: [],
    attempts: [],
    warnings: [...call.warnings],
    open: [],
    raw: undefined,
  };
  let turn: Turn | undefined;
  try {
    for (const warning of call.warnings) engine.emit("warning", warning);
    const { approvals } = call.request;
    const pending = approvals === undefined ? undefined : pendingCalls(call.messages);
    if (pending !== undefined && pending.calls.length > 0) {
      const round = yield* runTools(
        engine,
        call,
        // What was approved is what was shown: nothing is repaired behind it.
        { step: 0, calls: pending.calls, approvals: approvals ?? {}, repair: undefined },
        streaming,
      );
      totals.newMessages.push(...round.messages);
      totals.open = round.open;
      if (call.signal.signal.aborted) throw abortError(call.signal.signal);
      if (round.open.length > 0) return finish(engine, totals, pending.message);
    }
    for (let number = 0, last = false; ; number++) {
      if (call.signal.signal.aborted) throw abortError(call.signal.signal);
      const { body, warning: unpinned } = stepBody(engine, call, totals, streaming, last);
      if (unpinned !== undefined) yield* warn(engine, totals, unpinned, streaming);
      turn = new Turn(engine, call, body, number);
      if (streaming) {
        yield turn;
      } else {
        await turn.readWhole();
      }
      const { step, toolCalls } = await turn.finish();
      totals.attempts.push(...turn.exchange.attempts);
      const empty = addTurn(totals, turn, step);
      turn = undefined;
      if (empty !== undefined) yield* warn(engine, totals, empty, streaming);
      if (streaming) yield toolCalls.map((toolCall) => ({ type: "tool-call", step: number, call: toolCall }));

      totals.open = toolCalls;
      const end = judge(call, toolCalls, step, number, last);
      if (end === "round" || end === "last-round") {
        // Approvals are for the calls that waited: ids are unique within a turn only.
        const { repairToolCall: repair } = call.request;
        const asked = { step: number, calls: toolCalls, approvals: {}, repair };
        const round = yield* runTools(engine, call, asked, streaming);
        const mended = toolCalls.filter((toolCall) => toolCall.repaired);
        if (mended.length > 0) step.message.tool_calls = repairedCalls(step.message.tool_calls ?? [], mended);
        for (const { name } of mended) yield* warn(engine, totals, repairWarning(name), streaming);
        step.toolResults = round.answers;
        totals.newMessages.push(...round.messages);
        totals.open = round.open;
        last = end === "last-round";
      }
      if (streaming) yield [stepFinish(number, step)];
      // Whoever left meanwhile has no result, though upstream had said everything.
      if (call.signal.signal.aborted) throw abortError(call.signal.signal);
      if (end === "done" || totals.open.length > 0 || (!last && (await stops(call, totals.steps))))
        return finish(engine, totals, step.message);
    }
  } catch (thrown) {
    throw explain(thrown, totals, turn, engine.clock.now() - call.startedAt);
  } finally {
    try {
      // Reached without an answer when the reader left: the connection is closed and what it cost is booked.
      await turn?.abandon();
    } finally {
      call.signal.release();
      call.leave();
    }
  }
}

function stepBody(
  engine: Engine,
  call: PreparedCall,
  totals: RunTotals,
  streaming: boolean,
  last: boolean,
): { body: ChatBody; warning?: Warning | undefined } {
  const mayPin = engine.provider.name === "openrouter";
  const { provider, warning } = pinProvider(call.body, mayPin ? totals.steps : []);
  const body = {
    ...call.body,
    ...(provider === undefined ? {} : { provider }),
    ...(last
      ? { tool_choice: finalChoice(call) }
      : totals.steps.length > 0 && isForced(call.body.tool_choice)
        ? { tool_choice: "auto" }
        : {}),
    messages: totals.newMessages.length > 0 ? [...call.messages, ...totals.newMessages] : [...call.messages],
    ...(streaming ? { stream: true } : {}),
  };
  return { body: enforcePolicy<ChatBody>(body, call.scope.policies, engine.provider.name), warning };
}

/** Nothing but the answer: in words, or by the function whose arguments are the answer. */
function finalChoice({ request }: PreparedCall): unknown {
  const name = answerToolName(request.tools);
  return name === undefined ? "none" : wireToolChoice({ name });
}

/** Tells a warning everywhere, once. */
function* warn(engine: Engine, totals: RunTotals, warning: Warning, streaming: boolean): Generator<StreamEvent[]> {
  if (totals.warnings.some(({ code, message }) => code === warning.code && message === warning.message)) return;
  totals.warnings.push(warning);
  engine.emit("warning", warning);
  if (streaming) yield [{ type: "warning", warning }];
}

function repairWarning(name: string): Warning {
  return { code: "tool_call_repaired", message: `the arguments of a call of "${name}" did not fit and were repaired` };
}

/** A choice that was forced holds for the first step only: held on to, the loop could never end. */
function isForced(choice: unknown): boolean {
  return choice === "required" || (typeof choice === "object" && choice !== null);
}

/** Adds a finished turn; gives the warning that is due where it said nothing at all. */
function addTurn(totals: RunTotals, turn: Turn, step: Step): Warning | undefined {
  const { accumulator } = turn;
  totals.steps.push(step);
  totals.newMessages.push(step.message as Message);
  totals.raw = accumulator.raw;
  totals.logprobs = accumulator.logprobs;
  totals.audio = accumulator.audio ?? totals.audio;
  totals.annotations = [...(totals.annotations ?? []), ...accumulator.annotations];
  totals.images = [...(totals.images ?? []), ...accumulator.images];
  totals.firstTokenMs ??= turn.firstTokenMs;
  const nothing =
    step.text === "" &&
    step.toolCalls.length === 0 &&
    accumulator.images.length === 0 &&
    accumulator.audio === undefined &&
    step.refusal === undefined;
  if (!nothing) return undefined;
  const word = step.rawFinishReason ?? "no finish word";
  return { code: "empty_text", message: `the model finished with "${word}" and no text` };
}

type Next = "done" | "round" | "last-round";

function judge(call: PreparedCall, calls: readonly ToolCall[], step: Step, number: number, last: boolean): Next {
  const runnable = calls.some((toolCall) =>
    call.tools.some((tool) => tool.name === toolCall.name && tool.execute !== undefined),
  );
  if (calls.length === 0 || call.tools.length === 0 || last || step.finishReason === "length") return "done";
  const unknown = calls.some((toolCall) => !call.declared.has(toolCall.name));
  if (!runnable && !unknown) return "done";
  if (number + 1 < (call.request.maxSteps ?? MAX_STEPS)) return "round";
  if (call.request.onMaxSteps === "return") return "done";
  if (call.request.onMaxSteps === "answer") return "last-round";
  throw createError("max_steps", `the model still calls tools after ${number + 1} steps`, {
    hint: 'raise maxSteps, or set onMaxSteps to "return" or "answer"',
  });
}

async function* runTools(
  engine: Engine,
  call: PreparedCall,
  asked: Pick<ToolRoundOptions, "step" | "calls" | "approvals" | "repair">,
  streaming: boolean,
): AsyncGenerator<StreamEvent[], ToolRoundResult> {
  const round = toolRound({
    ...asked,
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

async function stops(call: PreparedCall, steps: readonly Step[]): Promise<boolean> {
  const { stopWhen } = call.request;
  const conditions = stopWhen === undefined ? [] : typeof stopWhen === "function" ? [stopWhen] : stopWhen;
  for (const condition of conditions) {
    if (await unlessAborted(condition({ steps }), call.signal.signal)) return true;
  }
  return false;
}

function stepFinish(number: number, step: Step): StreamEvent {
  const { finishReason, usage, cost, generationId } = step;
  return { type: "step-finish", step: number, finishReason, ...present({ usage, cost, generationId }) };
}

function finish(engine: Engine, totals: RunTotals, message: Step["message"]): GenerateResult {
  return assembleResult(totals, message, engine.clock.now() - totals.call.startedAt);
}
