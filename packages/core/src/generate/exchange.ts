import type { BreakerPass } from "../breaker/breaker.js";
import { createError, extendError } from "../errors/error-classes.js";
import { type Attempt, LLMError } from "../errors/llm-error.js";
import type { Timer } from "../http/clock.js";
import { pause } from "../http/pause.js";
import { type RetrySettings, retryDelay } from "../http/retry-policy.js";
import { beforeAbort } from "../limits/before-abort.js";
import { keyHash } from "../limits/key-hash.js";
import type { Clocks, ProviderCall } from "../provider/llm-provider.js";
import { openReport, takePlace } from "./admission.js";
import type { BookedCall } from "./booked-call.js";
import { Books } from "./books.js";
import { abortError, ownReason } from "./call-signal.js";
import type { CallScope, Engine } from "./engine.js";
import { nearModels, refusedKey } from "./failure-hints.js";
import { mayHaveCost } from "./may-have-cost.js";
import { present } from "./present.js";
import type { RequestReport } from "./request-report.js";

export interface ExchangeOptions extends BookedCall {
  clocks: Clocks;
  retry: false | RetrySettings;
  headers: Readonly<Record<string, string>> | undefined;
  signal: AbortSignal;
  /** False for requests that no model answers, such as a list of models: no limit, no budget, no meter. @default true */
  counted?: boolean | undefined;
}

/**
 * One request to the provider with everything around its attempts: the budget is reserved before and settled
 * after (`books`), each attempt takes its place under the limits and gets its own key, failures are retried while nothing
 * was delivered.
 */
export class Exchange {
  readonly attempts: Attempt[] = [];
  readonly books: Books;
  readonly #engine: Engine;
  readonly #scope: CallScope;
  readonly #options: ExchangeOptions;
  #key: string | undefined;
  #keyId = "";
  #leave: (() => void) | undefined;
  #attemptStart = 0;
  #sent = false;
  #waitedMs = 0;
  #firstTokenTimer: Timer | undefined;
  #attemptAbort: AbortController | undefined;
  #forwardAbort: (() => void) | undefined;
  #circuit: BreakerPass | undefined;

  constructor(engine: Engine, scope: CallScope, options: ExchangeOptions) {
    this.#engine = engine;
    this.#scope = scope;
    this.#options = options;
    this.books = new Books(engine, scope, options);
  }

  /**
   * Starts one attempt: waits for a place, asks for the key, starts the first-token clock, sends.
   *
   * @param hasClock - whoever sends keeps the first-token clock
   */
  async attempt<T>(send: (call: ProviderCall) => Promise<T>, hasClock = false): Promise<T> {
    const { signal, clocks, headers, retry } = this.#options;
    if (signal.aborted) throw abortError(signal);
    this.#attemptStart = this.#engine.clock.now();
    const { keyId } = this.#scope;
    const isCounted = this.#options.counted !== false;
    const { reports, breaker } = this.#engine;
    if (reports !== undefined && isCounted)
      openReport(reports.loaded ?? (await reports()), this.#engine, this.#scope, this.books, this.#options);
    const taking = isCounted && keyId !== undefined ? this.#takePlace(keyId) : undefined;
    if (taking !== undefined) await taking;
    const key = this.#askKey(signal);
    this.#key = typeof key === "object" ? await key : key;
    this.#keyId = keyId ?? keyHash(this.#key ?? "");
    // What a function gives is what limits and budgets count by.
    if (isCounted && keyId === undefined) await this.#takePlace(this.#keyId);
    if (signal.aborted) throw abortError(signal);
    if (breaker !== undefined && isCounted)
      this.#circuit = (breaker.loaded ?? (await breaker())).enter(this.#options.body);
    if (isCounted && this.books.hasToTell) {
      const telling = this.books.sending(this.attempts.length, signal);
      if (telling !== undefined) await telling;
    }
    if (signal.aborted) throw abortError(signal);
    this.#sent = true;
    this.report?.sent();
    const resend = retry !== false && retry.maxRetries > 0;
    const call: ProviderCall = {
      apiKey: this.#key,
      headers,
      signal: hasClock ? signal : this.#startFirstTokenClock(clocks.firstTokenMs),
      clocks,
      resend,
      longestWaitMs: this.longestWaitMs,
    };
    const { report } = this;
    return report?.isWatched ? report.within(() => send(call)) : send(call);
  }

  /** A key function that hangs holds nobody who has left. */
  #askKey(signal: AbortSignal): string | undefined | Promise<string | undefined> {
    const key = this.#scope.apiKey?.();
    return key instanceof Promise ? beforeAbort(key, signal, () => abortError(signal)) : key;
  }

  #takePlace(keyId: string): Promise<void> | undefined {
    this.report?.askedWith(keyId);
    const taken = takePlace(this.#engine, this.#scope, this.books, this.#options, keyId);
    if (taken instanceof Promise)
      return taken.then((leave) => {
        this.#leave = leave;
      });
    this.#leave = taken;
    return undefined;
  }

  /** What hears of this request; absent where nobody listens. */
  get report(): RequestReport | undefined {
    return this.books.report;
  }

  /** The first delta is here: its clock stops, and the model is known to answer. */
  firstToken(): void {
    this.#stopFirstTokenClock();
    this.report?.firstToken();
    this.#circuit?.worked();
  }

  #stopFirstTokenClock(): void {
    this.#firstTokenTimer?.clear();
    this.#firstTokenTimer = undefined;
  }

  /** Upstream has accepted the request and named its generation. */
  begun(generationId: string | undefined): void {
    this.report?.begun(generationId);
  }

  /** The answer that is handed on as it comes has ended before its time; without a failure its reader has left. */
  brokeOff(failure: LLMError | undefined): void {
    if (failure === undefined) this.#circuit?.left();
    else this.#circuit?.failed(failure);
  }

  /** Ends the attempt that gave the answer. */
  succeeded(status: number | undefined, generationId: string | undefined): void {
    this.#circuit?.worked();
    this.report?.succeeded();
    this.#endAttempt({ status, generationId });
    this.#engine.retryBudget.succeeded();
  }

  /**
   * Ends a failed attempt. Returns after the wait when another attempt is due; otherwise throws the error, with
   * the attempts on it.
   */
  async failed(thrown: unknown, delivered: boolean, generationId?: string): Promise<void> {
    const { signal } = this.#options;
    const error = this.explain(thrown);
    // What was refused before it was sent says nothing of the model.
    if (this.#sent) this.#circuit?.failed(error);
    const mayHaveBilled = mayHaveCost(error);
    this.report?.failed(error.code, mayHaveBilled);
    const wasSent = this.#endAttempt({
      status: error.upstream?.status,
      code: error.code,
      generationId: error.generationId ?? generationId,
    });
    this.#learn(error);
    const brokenId = (LLMError.is(thrown) ? thrown.generationId : undefined) ?? generationId;
    // An answer that had begun may have been billed, whatever its upstream says it ended in.
    if (wasSent && (mayHaveBilled || generationId !== undefined)) this.books.broke(brokenId);
    this.books.refused = !mayHaveBilled && error.upstream !== undefined;
    if (!mayHaveBilled && generationId === undefined) this.books.used({ tokens: 0, usd: 0 });
    // A refusal of our own, by a limit or a budget, has done its waiting already.
    const retryable = error.retryable && !delivered;
    const delayMs = wasSent && retryable && !signal.aborted ? this.#nextDelay(error) : undefined;
    if (delayMs === undefined) {
      const near = nearModels(error, this.#options.body.model, this.#engine.catalogue);
      const known = {
        attempts: this.attempts,
        retryable,
        model: error.model ?? this.#options.body.model,
        hint: error.hint ?? near ?? refusedKey(error, this.#scope.keyOrigin),
        generationId: error.generationId ?? generationId,
      };
      throw extendError(error, known, near && `${error.detail}; ${near}`);
    }
    this.#waitedMs += delayMs;
    const last = this.attempts.at(-1);
    if (last) last.waitedMs = delayMs;
    const retry = {
      attempt: this.attempts.length,
      delayMs,
      code: error.code,
      ...(error.upstream?.status === undefined ? {} : { status: error.upstream.status }),
    };
    this.report?.retried(retry);
    const { model } = this.#options.body;
    this.#engine.emit("retry", { ...retry, ...(model === undefined ? {} : { model }) });
    await pause(delayMs, this.#engine.clock, signal).catch(() => {
      throw extendError(abortError(signal), { attempts: this.attempts });
    });
  }

  /** The key of the latest attempt, to be kept out of every text. */
  get secrets(): readonly (string | undefined)[] {
    return [this.#key];
  }

  /** The longest wait before another attempt that the call has time for. */
  get longestWaitMs(): number | undefined {
    const { retry } = this.#options;
    return retry === false ? undefined : retry.maxTotalMs;
  }

  #startFirstTokenClock(firstTokenMs: number): AbortSignal {
    const { signal } = this.#options;
    if (firstTokenMs <= 0) return signal;
    const controller = new AbortController();
    this.#attemptAbort = controller;
    this.#forwardAbort = () => controller.abort(signal.reason);
    signal.addEventListener("abort", this.#forwardAbort, { once: true });
    const text = `first_token timeout: no first token within ${firstTokenMs} ms`;
    this.#firstTokenTimer = this.#engine.clock.after(firstTokenMs, () =>
      controller.abort(ownReason(createError("timeout", text, { phase: "first_token" }))),
    );
    return controller.signal;
  }

  /** False where the attempt was refused before anything was sent: it is not one, then. */
  #endAttempt(facts: Omit<Attempt, "number" | "durationMs">): boolean {
    this.#stopFirstTokenClock();
    this.#circuit?.left();
    this.#circuit = undefined;
    if (this.#forwardAbort !== undefined) this.#options.signal.removeEventListener("abort", this.#forwardAbort);
    this.#leave?.();
    this.#leave = undefined;
    if (!this.#sent) return false;
    this.#sent = false;
    this.attempts.push({
      number: this.attempts.length + 1,
      ...present(facts),
      durationMs: this.#engine.clock.now() - this.#attemptStart,
    });
    return true;
  }

  /** What really ended the attempt: an abort of ours hides behind whatever the connection said. */
  explain(thrown: unknown): LLMError {
    const { signal } = this.#options;
    if (signal.aborted) return abortError(signal);
    if (this.#attemptAbort?.signal.aborted) return abortError(this.#attemptAbort.signal);
    if (LLMError.is(thrown)) return thrown;
    return createError("provider_error", thrown instanceof Error ? thrown.message : String(thrown), {
      cause: thrown,
      retryable: false,
    });
  }

  /** Tells the limiter what a 429 said, where it counts at all. */
  #learn(error: LLMError): void {
    const { limits } = this.#scope;
    const { model = "" } = this.#options.body;
    const counts = limits !== false && (limits?.requestsPerMinute !== undefined || model.includes(":free"));
    if (error.code !== "rate_limit" || error.upstream === undefined || !counts) return;
    const { retryAfterMs, rateLimit: limit } = error;
    const lesson = { key: this.#keyId, model, retryAfterMs, limit };
    this.#engine.inBackground(this.#engine.gates().then(({ limiter }) => limiter.learn(lesson)));
  }

  #nextDelay(error: LLMError): number | undefined {
    const { retry } = this.#options;
    if (retry === false) return undefined;
    const state = { attempt: this.attempts.length, waitedMs: this.#waitedMs, random: this.#engine.clock.random() };
    const delayMs = retryDelay(error, state, retry);
    return delayMs !== undefined && this.#engine.retryBudget.take() ? delayMs : undefined;
  }
}
