import type { EmbedRequest, EmbedResult } from "../generate/embed.js";
import type { GenerateRequest } from "../generate/generate-request.js";
import type { GenerateResult, Warning } from "../generate/generate-result.js";
import type { GenerateStream } from "../generate/generate-stream-type.js";
import type { RerankRequest, RerankResult } from "../generate/rerank.js";
import type { StructuredRequest, StructuredResultOf, StructuredStreamOf } from "../generate/structured-types.js";
import type { ResolvedModel } from "../models/model-types.js";
import type { Models } from "../models/models.js";
import type { Schema } from "../structured/schema.js";
import type { UsageMeter } from "../usage/meter.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { Account } from "./account.js";
import type { ScopeOptions } from "./client-options.js";

/** What `on("usage")` hears, once per request that upstream answered or may have billed, and for each hit of the cache. */
export interface UsageEvent {
  model: string;
  user?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  usage?: Usage | undefined;
  cost?: Cost | undefined;
  generationId?: string | undefined;
  resolvedModel: ResolvedModel;
  /** The `responseCache` gave the answer: nothing was sent, and the meter does not count it. */
  fromCache?: true | undefined;
}

/** What `on("retry")` hears, before each wait. */
export interface RetryEvent {
  attempt: number;
  delayMs: number;
  code: string;
  status?: number | undefined;
  model?: string | undefined;
}

/** What `on()` can listen to, by name. */
export interface LLMEvents {
  usage: UsageEvent;
  retry: RetryEvent;
  warning: Warning;
}

/**
 * What adapters and your own code take: the client by its shape, so that two installs never clash.
 */
export interface LLM {
  /** Asks for a whole answer. Rejects with an LLMError. */
  generate(request: GenerateRequest): Promise<GenerateResult>;
  /** Asks for a streamed answer. Never throws: failures come out of the readers. */
  stream(request: GenerateRequest): GenerateStream;
  /** Asks for an object that fits `schema`; rejects with `structured_output` where none does. */
  generateStructured<S extends Schema>(request: StructuredRequest<S>): Promise<StructuredResultOf<S>>;
  /** Asks for an object and gives it while it grows. Never throws. */
  streamStructured<S extends Schema>(request: StructuredRequest<S>): StructuredStreamOf<S>;
  /** Turns texts into vectors. */
  embed(request: EmbedRequest): Promise<EmbedResult>;
  /** Orders documents by how well they answer a query. */
  rerank(request: RerankRequest): Promise<RerankResult>;
  /** Where requests go; undefined for a provider of your own. */
  readonly baseURL: string | undefined;
  /** A child whose calls carry `options` on top of this client's; it shares everything else and needs no closing. */
  scope(options: ScopeOptions): LLM;
  /** Calls `fn`; every call of this client and its children inside it, however deep, carries `options`. */
  run<T>(options: ScopeOptions, fn: () => T): T;
  /** The catalogue. */
  readonly models: Models;
  /** Running totals of this client and all its children. */
  readonly usage: UsageMeter;
  /** Questions to OpenRouter about the key in use. */
  readonly account: Account;
  /** Listens; the function it returns ends that. Throws `invalid_request` for an event that does not exist. What a listener throws goes to the `logger`, by name, and never reaches a call. */
  on<K extends keyof LLMEvents>(event: K, listener: (value: LLMEvents[K]) => void): () => void;
  /** Our transport with retries, limits, budgets and metering for any other SDK; URLs under `baseURL` only. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Waits until costs that upstream had not told yet are looked up: the end of a serverless handler. @default timeoutMs 5_000 */
  settled(options?: { timeoutMs?: number | undefined }): Promise<void>;
  /**
   * Ends the client: new calls are refused, running ones get `graceMs`, then are aborted. With a grace, what they have
   * cost is looked up for as long again, 5 s at most; without one it stays an estimate. All of it is booked then, where
   * the ledger and the stores answer within 5 s. Idempotent. @default graceMs 0
   */
  close(options?: { graceMs?: number | undefined }): Promise<void>;
}
