import type { MadeAnswer } from "../cache/made-answer.js";
import type { ErrorCode } from "../errors/error-code.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { Message } from "../messages/message.js";
import { enforcePolicy } from "../models/policy.js";
import type { AnswerTurn } from "./answer-turn.js";
import { assembleResult, type RunTotals } from "./assemble-result.js";
import { cachePart } from "./cache-part.js";
import { abortError } from "./call-signal.js";
import type { Engine } from "./engine.js";
import { explain } from "./explain.js";
import type { GenerateResult, Step, Warning } from "./generate-result.js";
import { noteServer, pinProvider } from "./pin-provider.js";
import type { PreparedCall } from "./prepare-call.js";
import { present } from "./present.js";
import type { StreamEvent } from "./stream-event.js";
import type { Next } from "./tool-steps.js";
import { Turn } from "./turn.js";

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
): AsyncGenerator<StreamEvent[] | AnswerTurn, GenerateResult> {
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
  let code: ErrorCode | undefined;
  let made: MadeAnswer | undefined;
  try {
    for (const warning of call.warnings) engine.emit("warning", warning);
    const { approvals } = call.request;
    const { loop } = call;
    const pending = approvals === undefined ? undefined : loop?.pendingCalls(call.messages);
    if (loop !== undefined && pending !== undefined && pending.calls.length > 0) {
      const round = yield* loop.runTools(
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
      // What a cache gives, and keeps, has one step.
      const cached =
        engine.responseCache === undefined || number > 0
          ? undefined
          : await (cachePart.loaded ?? (await cachePart())).askCache(engine, call, body);
      made ??= cached?.made;
      const kept = cached?.kept;
      if (kept === undefined) turn = new Turn(engine, cached?.call ?? call, body, number);
      const answer: AnswerTurn = kept ?? (turn as Turn);
      if (streaming) {
        yield answer;
      } else {
        await answer.readWhole();
      }
      const { step, toolCalls } = await answer.finish();
      if (turn !== undefined) totals.attempts.push(...turn.exchange.attempts);
      made?.keep(answer.accumulator, step);
      const empty = addTurn(totals, answer, step);
      turn = undefined;
      if (empty !== undefined) yield* warn(engine, totals, empty, streaming);
      if (streaming) yield toolCalls.map((toolCall) => ({ type: "tool-call", step: number, call: toolCall }));

      totals.open = toolCalls;
      const end: Next = loop?.judge(call, toolCalls, step, number, last) ?? "done";
      if (loop !== undefined && end !== "done") {
        // Approvals are for the calls that waited: ids are unique within a turn only.
        const { repairToolCall: repair } = call.request;
        const asked = { step: number, calls: toolCalls, approvals: {}, repair, beforeRun: end.beforeRun };
        const round = yield* loop.runTools(engine, call, asked, streaming);
        for (const warning of loop.keepRepairs(step, toolCalls)) yield* warn(engine, totals, warning, streaming);
        step.toolResults = round.answers;
        totals.newMessages.push(...round.messages);
        totals.open = round.open;
        last = end.isLast;
      }
      if (streaming) yield [stepFinish(number, step)];
      // Whoever left meanwhile has no result, though upstream had said everything.
      if (call.signal.signal.aborted) throw abortError(call.signal.signal);
      if (end === "done" || totals.open.length > 0 || (!last && (await loop?.stops(call, totals.steps))))
        return finish(engine, totals, step.message);
    }
  } catch (thrown) {
    const error = explain(thrown, totals, turn, engine.clock.now() - call.startedAt);
    code = error.code;
    throw error;
  } finally {
    made?.leave();
    try {
      // Reached without an answer when the reader left: the connection is closed and what it cost is booked.
      await turn?.abandon();
    } finally {
      engine.watcher?.loaded?.ended(call, code);
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
  const messages = totals.newMessages.length > 0 ? [...call.messages, ...totals.newMessages] : [...call.messages];
  const mayPin = engine.provider.name === "openrouter";
  const { provider, warning } = pinProvider(call.body, mayPin ? messages : []);
  const body = {
    ...call.body,
    ...(provider === undefined ? {} : { provider }),
    ...(totals.steps.length > 0 && call.loop?.nextChoice(call, last)),
    messages,
    ...(streaming ? { stream: true } : {}),
  };
  return { body: enforcePolicy<ChatBody>(body, call.scope.policies, engine.provider.name), warning };
}

/** Tells a warning everywhere, once. */
function* warn(engine: Engine, totals: RunTotals, warning: Warning, streaming: boolean): Generator<StreamEvent[]> {
  if (totals.warnings.some(({ code, message }) => code === warning.code && message === warning.message)) return;
  totals.warnings.push(warning);
  engine.emit("warning", warning);
  if (streaming) yield [{ type: "warning", warning }];
}

/** Adds a finished turn; gives the warning that is due where it said nothing at all. */
function addTurn(totals: RunTotals, turn: AnswerTurn, step: Step): Warning | undefined {
  const { accumulator } = turn;
  totals.steps.push(step);
  noteServer(step);
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

function stepFinish(number: number, step: Step): StreamEvent {
  const { finishReason, usage, cost, generationId } = step;
  return { type: "step-finish", step: number, finishReason, ...present({ usage, cost, generationId }) };
}

function finish(engine: Engine, totals: RunTotals, message: Step["message"]): GenerateResult {
  return assembleResult(totals, message, engine.clock.now() - totals.call.startedAt);
}
