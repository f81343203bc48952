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

/** What `on("usage")` hears, once per request that upstream answered or may have billed. */
export interface UsageEvent {
  model: string;
  user?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  usage?: Usage | undefined;
  cost?: Cost | undefined;
  generationId?: string | undefined;
  resolvedModel: ResolvedModel;
}

/** What `on("retry")` hears, before each wait. */
export interface RetryEvent {
  attempt: number;
  delayMs: number;
  code: string;
  status?: number | undefined;
  model?: string | undefined;
}

export interface LLMEvents {
  usage: UsageEvent;
  retry: RetryEvent;
  warning: Warning;
}

/**
 * What adapters and your own code take: the client by its shape, so that two installs never clash.
 */
export interface LLM {
  generate(request: GenerateRequest): Promise<GenerateResult>;
  stream(request: GenerateRequest): GenerateStream;
  generateStructured<S extends Schema>(request: StructuredRequest<S>): Promise<StructuredResultOf<S>>;
  streamStructured<S extends Schema>(request: StructuredRequest<S>): StructuredStreamOf<S>;
  embed(request: EmbedRequest): Promise<EmbedResult>;
  rerank(request: RerankRequest): Promise<RerankResult>;
  /** Where requests go; undefined for a provider of your own. */
  readonly baseURL: string | undefined;
  scope(options: ScopeOptions): LLM;
  run<T>(options: ScopeOptions, fn: () => T): T;
  readonly models: Models;
  readonly usage: UsageMeter;
  readonly account: Account;
  on<K extends keyof LLMEvents>(event: K, listener: (value: LLMEvents[K]) => void): () => void;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  settled(options?: { timeoutMs?: number | undefined }): Promise<void>;
  close(options?: { graceMs?: number | undefined }): Promise<void>;
}
