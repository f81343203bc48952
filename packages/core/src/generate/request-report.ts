import { createError } from "../errors/error-classes.js";
import type { ErrorCode } from "../errors/error-code.js";
import { LLMError } from "../errors/llm-error.js";
import type { Clock } from "../http/clock.js";
import type { Ledger, LedgerIntent, LedgerOperation, LedgerRecord } from "../ledger/ledger.js";
import { beforeAbort } from "../limits/before-abort.js";
import { addCost } from "../usage/read-cost.js";
import type { Cost, Usage } from "../usage/usage.js";
import { abortError } from "./call-signal.js";
import { present } from "./present.js";
import type { RequestEnd, RequestWatch, WatchedRequest, Watcher } from "./request-watch.js";

/** Who is to hear of requests. */
export interface ReportDesk {
  clock: Clock;
  ledger: Ledger | undefined;
  /** This process, in the ledger. */
  process: string;
  watcher: Watcher | undefined;
  inBackground(work: Promise<void>): void;
  /** Tells that the ledger could not be written after a request. */
  warn(message: string): void;
}

export interface ReportedRequest extends WatchedRequest {
  operation: LedgerOperation;
  id: string;
  /** Hash of the API key, where it is known before the intent. */
  key?: string | undefined;
}

/** What is told of an answer when it is here. */
export type AnswerReport = Pick<RequestEnd, "model" | "servedBy" | "generationId" | "finishReason" | "message">;

type TokenTotals = Pick<Usage, "promptTokens" | "completionTokens" | "cachedTokens" | "reasoningTokens">;

const UNANSWERED: AnswerReport = {};

/** Tells the ledger and the telemetry of one request: an intent before it is sent, one end, one record. */
export class RequestReport {
  readonly #desk: ReportDesk;
  readonly #request: ReportedRequest;
  readonly #watch: RequestWatch | undefined;
  /** Monotonic, and on the wall, in milliseconds. */
  readonly #startedAt: number;
  readonly #startedOn: number;
  #intent: LedgerIntent | undefined;
  /** As soon as upstream tells it; the answer's own comes before it. */
  #generationId: string | undefined;
  #key = "";
  #outcome: RequestEnd["outcome"] = "aborted";
  #code: ErrorCode | undefined;
  #answer = UNANSWERED;
  #firstTokenMs: number | undefined;
  /** Here once the request is over. */
  #latencyMs: number | undefined;
  /** Of all its attempts together. */
  #tokens: TokenTotals | undefined;
  #cost: Cost | undefined;
  #isRecorded = false;
  #attempts = 0;
  /** An attempt was given up of which upstream may have made, and billed, an answer. */
  #mayHaveCost = false;

  constructor(desk: ReportDesk, request: ReportedRequest) {
    this.#desk = desk;
    this.#request = request;
    this.#key = request.key ?? "";
    this.#startedAt = desk.clock.now();
    this.#startedOn = desk.clock.date();
    this.#watch = desk.watcher?.request(request);
  }

  /** The intent has to know what the request can cost. */
  get keepsRecords(): boolean {
    return this.#desk.ledger !== undefined;
  }

  /** @param key - the hash of the API key */
  askedWith(key: string): void {
    this.#key = key;
  }

  /** Somebody wants to know of waits and chunks, not only of the end. */
  get isWatched(): boolean {
    return this.#watch !== undefined;
  }

  /** Sends an attempt, in the context of what watches it. */
  within<T>(work: () => T): T {
    return this.#watch === undefined ? work() : this.#watch.within(work);
  }

  waited(ms: number): void {
    this.#watch?.waited(ms);
  }

  /**
   * Keeps, once, that the request is about to be sent.
   *
   * Throws: `provider_error` where the ledger fails: a request that nobody will know of is not sent. AbortedError when
   * `signal` fires.
   */
  intend(worstCaseUsd: number | undefined, signal: AbortSignal): Promise<void> | undefined {
    const { ledger } = this.#desk;
    if (ledger === undefined || this.#intent !== undefined) return undefined;
    const intent = this.#newIntent(worstCaseUsd);
    const keeping = told(ledger, ledger.begin, intent);
    if (keeping !== undefined) return this.#begin(intent, keeping, signal);
    this.#intent = intent;
    return undefined;
  }

  async #begin(intent: LedgerIntent, keeping: Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await beforeAbort(keeping, signal, () => signal.reason);
    } catch (cause) {
      if (signal.aborted) throw abortError(signal);
      if (LLMError.is(cause)) throw cause;
      throw createError("provider_error", `the ledger failed, and the call was not sent: ${nameOf(cause)}`, {
        cause,
        retryable: true,
        hint: "See `cause` for what the ledger said.",
      });
    }
    this.#intent = intent;
  }

  /** An attempt goes out. */
  sent(): void {
    this.#attempts += 1;
  }

  /** Upstream has named the generation: after a crash its cost can be asked for. */
  begun(generationId: string | undefined): void {
    const { ledger } = this.#desk;
    if (generationId === undefined || this.#intent === undefined || ledger?.note === undefined) return;
    this.#generationId = generationId;
    const { id } = this.#intent;
    this.#keep(told(ledger, ledger.note, id, generationId));
  }

  retried(retry: Parameters<RequestWatch["retried"]>[0]): void {
    this.#watch?.retried(retry);
  }

  firstToken(): void {
    if (this.#firstTokenMs !== undefined) return;
    this.#firstTokenMs = this.#desk.clock.now() - this.#startedAt;
    this.#watch?.firstToken(this.#firstTokenMs);
  }

  read(chunks: number): void {
    this.#watch?.read(chunks);
  }

  answered(answer: AnswerReport): void {
    this.#answer = answer;
  }

  succeeded(): void {
    this.#outcome = "answered";
    this.#code = undefined;
  }

  /**
   * What was never sent was refused by a limit, a budget or a store of ours.
   *
   * @param mayHaveCost - upstream may have billed an answer that nobody knows of
   */
  failed(code: ErrorCode, mayHaveCost: boolean): void {
    this.#outcome = code === "aborted" ? "aborted" : this.#attempts > 0 ? "failed" : "refused";
    this.#code = code;
    if (this.#attempts > 0 && mayHaveCost) this.#mayHaveCost = true;
  }

  booked(usage: Usage | undefined, cost: Cost | undefined): void {
    if (usage !== undefined) this.#tokens = this.#tokens === undefined ? usage : sumOf(this.#tokens, usage);
    this.#cost = addCost(this.#cost, cost);
    this.#watch?.booked(usage, cost);
  }

  /** The request is over, though its cost may still be looked up. */
  ended(): void {
    if (this.#latencyMs !== undefined) return;
    this.#latencyMs = this.#desk.clock.now() - this.#startedAt;
    this.#watch?.ended({
      outcome: this.#outcome,
      attempts: this.#attempts,
      latencyMs: this.#latencyMs,
      ...present({ code: this.#code, firstTokenMs: this.#firstTokenMs, ...this.#answer }),
    });
  }

  /**
   * Its cost is known as well as it ever will be: the record is written.
   *
   * @param isKnown - where nothing was booked, it cost nothing
   */
  settled(isKnown: boolean): void {
    const { ledger } = this.#desk;
    if (ledger === undefined || this.#latencyMs === undefined || this.#isRecorded) return;
    this.#isRecorded = true;
    const record = this.#record(this.#latencyMs, isKnown);
    this.#keep(told(ledger, ledger.finish, record));
  }

  /** Every field by its name, absent ones too: it is made for every request, and one that grows costs several times more. */
  #record(latencyMs: number, isKnown: boolean): LedgerRecord {
    const { id, startedAt, process, operation, provider, model, user, key, metadata, worstCaseUsd } =
      this.#intent ?? this.#newIntent(undefined);
    const cost = this.#cost;
    const tokens = this.#tokens;
    return {
      id,
      startedAt,
      process,
      operation,
      provider,
      model,
      user,
      key,
      metadata,
      worstCaseUsd,
      generationId: this.#answer.generationId ?? this.#generationId,
      outcome: this.#outcome,
      code: this.#code,
      endedAt: this.#startedOn + latencyMs,
      latencyMs,
      firstTokenMs: this.#firstTokenMs,
      attempts: this.#attempts,
      servedBy: this.#answer.servedBy,
      finishReason: this.#answer.finishReason,
      promptTokens: tokens?.promptTokens,
      completionTokens: tokens?.completionTokens,
      cachedTokens: tokens?.cachedTokens,
      reasoningTokens: tokens?.reasoningTokens,
      usd: cost?.totalUsd ?? (isKnown && !this.#mayHaveCost ? 0 : undefined),
      isByok: cost?.isByok,
      source: cost?.source,
    };
  }

  #newIntent(worstCaseUsd: number | undefined): LedgerIntent {
    const { id, operation, provider, model, user, metadata } = this.#request;
    return {
      id,
      startedAt: this.#startedOn,
      process: this.#desk.process,
      operation,
      provider,
      model,
      user,
      key: this.#key,
      metadata,
      worstCaseUsd,
      generationId: undefined,
    };
  }

  /** The answer is here: a ledger that fails now is told, and loses nobody the answer. */
  #keep(work: Promise<void> | undefined): void {
    if (work === undefined) return;
    this.#desk.inBackground(
      work.catch((error) => this.#desk.warn(`the ledger failed after the call: ${nameOf(error)}`)),
    );
  }
}

const sumOf = (a: TokenTotals, b: TokenTotals): TokenTotals => ({
  promptTokens: a.promptTokens + b.promptTokens,
  completionTokens: a.completionTokens + b.completionTokens,
  cachedTokens: sumOfTold(a.cachedTokens, b.cachedTokens),
  reasoningTokens: sumOfTold(a.reasoningTokens, b.reasoningTokens),
});

const sumOfTold = (a: number | undefined, b: number | undefined) =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);

/** A ledger of somebody's own may throw at once instead of rejecting, and resolve with anything. */
function told<T extends unknown[]>(
  ledger: Ledger,
  tell: (this: Ledger, ...what: T) => Promise<void> | undefined,
  ...what: T
): Promise<void> | undefined {
  try {
    const telling = tell.apply(ledger, what);
    return telling === undefined ? undefined : Promise.resolve(telling);
  } catch (error) {
    return Promise.reject(error);
  }
}
