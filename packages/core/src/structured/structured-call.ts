import type { HeldAnswers } from "../cache/held-answers.js";
import { createError, extendError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import { abortError, CallSignal, tooLong } from "../generate/call-signal.js";
import { checkRequest } from "../generate/check-request.js";
import type { GenerateRequest } from "../generate/generate-request.js";
import type { GenerateResult, Warning } from "../generate/generate-result.js";
import type { StructuredRequest, StructuredResult } from "../generate/structured-types.js";
import { declaredNames } from "../generate/wire-tools.js";
import type { Clock } from "../http/clock.js";
import type { ModelInfo } from "../models/model-types.js";
import { unlessAborted } from "../tools/unless-aborted.js";
import { applyRung } from "./apply-rung.js";
import { checkStructuredRequest } from "./check-structured-request.js";
import { judgeAnswer, type Verdict } from "./judge-answer.js";
import { type NormalizedSchema, normalizeSchema } from "./normalize-schema.js";
import { reaskMessages } from "./reask-messages.js";
import { RequestTally } from "./request-tally.js";
import type { Means, RungMemory } from "./rung-memory.js";
import { isRungRefusal } from "./rung-refusal.js";
import type { Strategy } from "./schema.js";
import { chooseLadder } from "./strategy-ladder.js";
import { takeAnswerCall } from "./take-answer-call.js";
import { messagesOf } from "./with-instruction.js";

/** What has to be known around a call for an object. */
export interface StructuredSetup {
  /** The catalogue's row of the model, where there is one. */
  model: Pick<ModelInfo, "supportedParameters"> | undefined;
  modelId: string;
  providerName: string;
  streaming: boolean;
  memory: RungMemory;
  clock: Clock;
  /** Milliseconds for everything together; 0 is off. */
  totalMs: number;
  /** What ends the call early. */
  signals: readonly (AbortSignal | undefined)[];
  warn(warning: Warning): void;
  /** Where answers wait for the verdict before they are kept; here where the client has a cache. */
  heldAnswers?: HeldAnswers | undefined;
}

/**
 * The road to one object: which request is next, and what its answer means. Give `nextRequest()` to the model, then
 * its failure to `failed()` or its answer to `answered()`, until that gives a result or either throws.
 */
export class StructuredCall {
  readonly schema: NormalizedSchema;
  readonly toolName: string;
  readonly #request: GenerateRequest;
  readonly #setup: StructuredSetup;
  readonly #tally: RequestTally;
  #ladder: Strategy[];
  #jsonMode: boolean;
  #refused: Means[] = [];
  #reasks: number;
  #requests = 0;

  constructor(request: StructuredRequest, setup: StructuredSetup) {
    checkStructuredRequest(request);
    const { schema, schemaName, schemaDescription, strategy, reasks, partials: _, ...rest } = request;
    checkRequest(rest);
    this.schema = normalizeSchema(schema, { name: schemaName, description: schemaDescription });
    this.#request = rest;
    this.#setup = setup;
    this.#tally = new RequestTally(() => setup.clock.now());
    this.#reasks = reasks ?? 1;
    this.toolName = freeName(this.schema.name, declaredNames(rest.tools ?? []));
    this.#ladder = setup.memory.usable(setup.modelId, chooseLadder(setup.model, strategy, this.schema));
    const known = setup.model?.supportedParameters;
    this.#jsonMode = known === undefined || known.includes("response_format") || known.includes("structured_outputs");
    this.#jsonMode &&= !setup.memory.hasRefused(setup.modelId, "json_mode");
  }

  get rung(): Strategy {
    return this.#ladder[0] ?? "json_object";
  }

  /** How many steps earlier requests have made. */
  get stepsBefore(): number {
    return this.#tally.steps;
  }

  nextRequest(): GenerateRequest {
    const { providerName, streaming } = this.#setup;
    const first = this.#requests++ === 0;
    this.#tally.startRequest();
    const context = { schema: this.schema, toolName: this.toolName, providerName, streaming, jsonMode: this.#jsonMode };
    const asked = applyRung(this.rung, this.#request, context);
    if (first) return asked;
    const history = this.#tally.newMessages;
    return {
      ...asked,
      ...(history.length > 0 ? { prompt: undefined, messages: [...messagesOf(asked), ...history] } : {}),
      ...(this.#leftMs > 0 ? { timeouts: { ...asked.timeouts, totalMs: this.#leftMs } } : {}),
    };
  }

  /**
   * A request failed. Returns where the next rung is due; otherwise throws the failure, with everything that was
   * asked and spent on it.
   */
  failed(thrown: unknown, mayGoOn: boolean): void {
    this.#setup.heldAnswers?.decide(false);
    if (!LLMError.is(thrown)) throw thrown;
    const { rung } = this;
    const means: Means = rung === "json_object" && this.#jsonMode ? "json_mode" : rung;
    const mayFall = means === "json_mode" || this.#ladder.length > 1;
    const isLast = !mayGoOn || !mayFall || !isRungRefusal(thrown, rung);
    this.#tally.addFailure(thrown, isLast);
    if (isLast) throw this.#explain(thrown, thrown.partial ?? {});
    this.#refused.push(means);
    if (means === "json_mode") this.#jsonMode = false;
    else this.#ladder = this.#ladder.slice(1);
    const next = means === "json_mode" ? "the schema in words alone" : this.rung;
    this.#warn({ code: "strategy_fallback", message: `the model does not take ${means}; it is asked by ${next}` });
  }

  /**
   * An answer came. Gives the result; undefined where it does not fit and the model is asked again.
   *
   * @throws StructuredOutputError `structured_output` with the issues in `detail` and the last answer on `partial`
   */
  async answered(result: GenerateResult, mayGoOn: boolean): Promise<StructuredResult<unknown> | undefined> {
    for (const means of this.#refused.splice(0)) this.#setup.memory.refuse(this.#setup.modelId, means);
    const calls = this.rung === "tool" ? result.toolCalls.filter((call) => call.name === this.toolName) : [];
    const rest = { ...result, toolCalls: result.toolCalls.filter((call) => !calls.includes(call)) };
    const lastText = result.steps.at(-1)?.text ?? result.text;
    const verdict = await this.#judge(rest, [...calls.map((call) => call.rawArguments), lastText]);
    this.#setup.heldAnswers?.decide(verdict.ok);
    const settled = calls.length === 0 ? result : takeAnswerCall(result, this.toolName, verdict.text);
    if (verdict.ok) {
      this.#tally.add(settled);
      return { ...this.#tally.cover(settled), object: verdict.object, strategy: this.rung };
    }
    if (!verdict.again || !mayGoOn || this.#reasks === 0) {
      this.#tally.add(settled);
      throw this.#explain(createError("structured_output", verdict.detail, { hint: verdict.hint }), settled);
    }
    this.#reasks--;
    this.#askAgain(settled, verdict);
    return undefined;
  }

  /** A validator may ask a database: it is waited for no longer than the call may last. */
  async #judge(result: GenerateResult, texts: readonly string[]): Promise<Verdict> {
    const { signals, clock } = this.#setup;
    const end = new CallSignal(signals, this.#leftMs, clock);
    try {
      return await unlessAborted(judgeAnswer(this.schema, result, texts), end.signal);
    } catch (error) {
      this.#setup.heldAnswers?.decide(false);
      if (!end.signal.aborted) throw error;
      this.#tally.add(result);
      throw this.#explain(abortError(end.signal), result);
    } finally {
      end.release();
    }
  }

  /** What is left of the total time, at least 1; 0 is off. */
  get #leftMs(): number {
    const { totalMs } = this.#setup;
    return totalMs > 0 ? Math.max(1, totalMs - this.#tally.elapsedMs) : 0;
  }

  #askAgain(settled: GenerateResult, { issues, text }: Extract<Verdict, { ok: false }>): void {
    const before = settled.newMessages.filter((message) => message !== settled.message);
    // A service that ignored `response_format` has never seen the schema.
    const unseen = this.rung === "tool" ? undefined : this.schema.jsonSchema;
    this.#tally.add(settled, [...before, ...reaskMessages(text, issues, unseen)]);
    this.#warn({
      code: "structured_reask",
      message: `the answer did not fit the schema; the model was asked again: ${issues[0]?.message ?? ""}`,
    });
  }

  #warn(warning: Warning): void {
    this.#tally.warnings.push(warning);
    this.#setup.warn(warning);
  }

  #explain(thrown: LLMError, last: Partial<GenerateResult>): LLMError {
    // A request knows only what was left of the total.
    const isTotal = thrown.phase === "total" && this.#setup.totalMs > 0;
    const error = isTotal ? tooLong(this.#setup.totalMs) : thrown;
    return extendError(error, {
      attempts: this.#tally.attempts,
      partial: this.#tally.cover(last),
      model: thrown.model ?? last.model ?? this.#setup.modelId,
      servedBy: thrown.servedBy ?? last.servedBy,
      generationId: thrown.generationId ?? last.generationId,
    });
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name.slice(0, 56)}_${number}`;
  return free;
}
