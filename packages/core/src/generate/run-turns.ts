import { createError } from "../errors/error-classes.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { Message } from "../messages/message.js";
import { enforcePolicy } from "../models/policy.js";
import { normalizeSchema } from "../structured/normalize-schema.js";
import { type ToolRoundOptions, type ToolRoundResult, toolRound } from "../tools/tool-round.js";
import type { ToolCall } from "../tools/tool-types.js";
import { assembleResult, type RunTotals } from "./assemble-result.js";
import { abortError } from "./call-signal.js";
import type { Engine } from "./engine.js";
import { explain } from "./explain.js";
import type { GenerateResult, Step, Warning } from "./generate-result.js";
import { pendingCalls } from "./pending-calls.js";
import type { PreparedCall } from "./prepare-call.js";
import { present } from "./present.js";
import type { StreamEvent } from "./stream-event.js";
import { Turn } from "./turn.js";

const MAX_STEPS = 8;

/**
 * Runs a call to its end: asks the model, executes the calls it answers with, asks again. Yields the events of
 * one network read at a time (none where the answer is not streamed) and returns the result.
 *
 * Throws: every failure once, as an LLMError with the attempts so far and what had arrived as `partial`.
 */
export async function* runTurns(
  engine: Engine,
  call: PreparedCall,
  streaming: boolean,
): AsyncGenerator<StreamEvent[], GenerateResult> {
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
        { step: 0, calls: pending.calls, approvals: approvals ?? {} },
        streaming,
      );
      totals.newMessages.push(...round.messages);
      totals.open = round.open;
      if (call.signal.signal.aborted) throw abortError(call.signal.signal);
      if (round.open.length > 0) return finish(engine, totals, pending.message);
    }
    for (let number = 0, last = false; ; number++) {
      if (call.signal.signal.aborted) throw abortError(call.signal.signal);
      turn = new Turn(engine, call, stepBody(engine, call, totals, streaming, last), number);
      if (streaming) {
        for (let batch = await turn.next(); batch !== undefined; batch = await turn.next()) yield batch;
      } else {
        await turn.readWhole();
      }
      const { step, toolCalls } = await turn.finish();
      totals.attempts.push(...turn.exchange.attempts);
      const warning = addTurn(totals, turn, step);
      turn = undefined;
      if (warning !== undefined) engine.emit("warning", warning);
      if (streaming && warning !== undefined) yield [{ type: "warning", warning }];
      if (streaming) yield toolCalls.map((toolCall) => ({ type: "tool-call", step: number, call: toolCall }));

      totals.open = toolCalls;
      const end = judge(call, toolCalls, step, number, last);
      if (end === "round" || end === "last-round") {
        // Approvals are for the calls that waited: ids are unique within a turn only.
        const round = yield* runTools(engine, call, { step: number, calls: toolCalls, approvals: {} }, streaming);
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

function stepBody(engine: Engine, call: PreparedCall, totals: RunTotals, streaming: boolean, last: boolean): ChatBody {
  const body = {
    ...call.body,
    ...(last
      ? { tool_choice: "none" }
      : totals.steps.length > 0 && isForced(call.body.tool_choice)
        ? { tool_choice: "auto" }
        : {}),
    messages: totals.newMessages.length > 0 ? [...call.messages, ...totals.newMessages] : [...call.messages],
    ...(streaming ? { stream: true } : {}),
  };
  return enforcePolicy<ChatBody>(body, call.scope.policies, engine.provider.name);
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
  const warning = { code: "empty_text", message: `the model finished with "${word}" and no text` };
  totals.warnings.push(warning);
  return warning;
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
  asked: Pick<ToolRoundOptions, "step" | "calls" | "approvals">,
  streaming: boolean,
): AsyncGenerator<StreamEvent[], ToolRoundResult> {
  const round = toolRound({
    ...asked,
    tools: call.tools,
    declared: call.declared,
    onToolError: call.request.onToolError ?? "report",
    validate: (schema, value) => normalizeSchema(schema, {}).validate(value),
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
    if (await condition({ steps })) return true;
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
