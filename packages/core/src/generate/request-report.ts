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

/** What ends an attempt that upstream may know nothing of. */
const BROKEN_OFF: ReadonlySet<ErrorCode> = new Set(["aborted", "timeout", "stream_truncated"]);

/** Tells the ledger and the telemetry of one request: an intent before it is sent, one end, one record. */
export class RequestReport {
  readonly #desk: ReportDesk;
  readonly #request: ReportedRequest;
  readonly #watch: RequestWatch | undefined;
  /** Monotonic, and on the wall, in milliseconds. */
  readonly #startedAt: number;
  readonly #startedOn: number;
  #intent: LedgerIntent | undefined;
  #key = "";
  #outcome: RequestEnd["outcome"] = "aborted";
  #code: ErrorCode | undefined;
  #answer: AnswerReport = {};
  #firstTokenMs: number | undefined;
  /** Here once the request is over. */
  #latencyMs: number | undefined;
  readonly #usages: Usage[] = [];
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
    const keeping = told(() => ledger.begin(intent));
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
    this.#intent.generationId = generationId;
    const { id } = this.#intent;
    this.#keep(told(() => ledger.note?.(id, generationId)));
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

  /** What was never sent was refused by a limit, a budget or a store of ours. */
  failed(code: ErrorCode, phase?: LLMError["phase"]): void {
    this.#outcome = code === "aborted" ? "aborted" : this.#attempts > 0 ? "failed" : "refused";
    this.#code = code;
    if (this.#attempts > 0 && BROKEN_OFF.has(code) && phase !== "connect") this.#mayHaveCost = true;
  }

  booked(usage: Usage | undefined, cost: Cost | undefined): void {
    if (usage !== undefined) this.#usages.push(usage);
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
    this.#keep(told(() => ledger.finish(record)));
  }

  /** Field by field: it is made for every request, and what is absent has to stay so. */
  #record(latencyMs: number, isKnown: boolean): LedgerRecord {
    const { generationId, servedBy, finishReason } = this.#answer;
    const record: LedgerRecord = {
      ...(this.#intent ?? this.#newIntent(undefined)),
      outcome: this.#outcome,
      endedAt: this.#startedOn + latencyMs,
      latencyMs,
      attempts: this.#attempts,
    };
    if (this.#code !== undefined) record.code = this.#code;
    if (this.#firstTokenMs !== undefined) record.firstTokenMs = this.#firstTokenMs;
    if (generationId !== undefined) record.generationId = generationId;
    if (servedBy !== undefined) record.servedBy = servedBy;
    if (finishReason !== undefined) record.finishReason = finishReason;
    for (const { promptTokens, completionTokens, cachedTokens, reasoningTokens } of this.#usages) {
      record.promptTokens = (record.promptTokens ?? 0) + promptTokens;
      record.completionTokens = (record.completionTokens ?? 0) + completionTokens;
      if (cachedTokens !== undefined) record.cachedTokens = (record.cachedTokens ?? 0) + cachedTokens;
      if (reasoningTokens !== undefined) record.reasoningTokens = (record.reasoningTokens ?? 0) + reasoningTokens;
    }
    const cost = this.#cost;
    if (cost !== undefined) {
      record.usd = cost.totalUsd;
      record.isByok = cost.isByok;
      record.source = cost.source;
    } else if (isKnown && !this.#mayHaveCost) {
      record.usd = 0;
    }
    return record;
  }

  #newIntent(worstCaseUsd: number | undefined): LedgerIntent {
    const { id, operation, provider, model, user, metadata } = this.#request;
    const intent: LedgerIntent = {
      id,
      startedAt: this.#startedOn,
      process: this.#desk.process,
      operation,
      provider,
      model,
      key: this.#key,
    };
    if (user !== undefined) intent.user = user;
    if (metadata !== undefined) intent.metadata = metadata;
    if (worstCaseUsd !== undefined) intent.worstCaseUsd = worstCaseUsd;
    return intent;
  }

  /** The answer is here: a ledger that fails now is told, and loses nobody the answer. */
  #keep(work: Promise<void> | undefined): void {
    if (work === undefined) return;
    this.#desk.inBackground(
      work.catch((error) => this.#desk.warn(`the ledger failed after the call: ${nameOf(error)}`)),
    );
  }
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);

/** A ledger of somebody's own may throw at once instead of rejecting, and resolve with anything. */
function told(tell: () => Promise<void> | undefined): Promise<void> | undefined {
  try {
    const telling = tell();
    return telling === undefined ? undefined : Promise.resolve(telling);
  } catch (error) {
    return Promise.reject(error);
  }
}
