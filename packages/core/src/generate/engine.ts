import type { Breaker } from "../breaker/breaker.js";
import type { HeldAnswers } from "../cache/held-answers.js";
import type { ResponseCache } from "../cache/response-cache.js";
import type { Logger, Policy } from "../client/client-options.js";
import type { LLM, LLMEvents } from "../client/llm.js";
import type { LazyPart } from "../errors/lazy-part.js";
import type { Clock } from "../http/clock.js";
import type { RetryBudget } from "../http/retry-budget.js";
import type { Budget } from "../limits/budget-store.js";
import type { Gates } from "../limits/gates.js";
import type { Limits } from "../limits/limit-store.js";
import type { Catalogue } from "../models/catalogue.js";
import type { LLMProvider } from "../provider/llm-provider.js";
import type { RecordingMeter } from "../usage/meter.js";
import type { ProviderRouting, RetryOptions, TimeoutOptions } from "./generate-request.js";
import type { ReportedRequest, RequestReport } from "./request-report.js";
import type { Watcher } from "./request-watch.js";

/** What all calls of a client and of its children share. */
export interface Engine {
  readonly provider: LLMProvider;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly meter: RecordingMeter;
  /** Limits and budgets: loaded with the first call that has any. */
  readonly gates: LazyPart<Gates>;
  /** Tells the ledger and the telemetry of requests; absent where the client has neither. */
  readonly reports: LazyPart<(request: ReportedRequest) => RequestReport> | undefined;
  /** Hears of requests, tools and circuits; absent where nobody listens. */
  readonly watcher: LazyPart<Watcher> | undefined;
  /** Stops asking models that keep failing; absent where the client does not want it. */
  readonly breaker: LazyPart<Breaker> | undefined;
  readonly responseCache: ResponseCache | undefined;
  /** Undefined only with a provider of the caller's own. */
  readonly baseURL: string | undefined;
  readonly retryBudget: RetryBudget;
  readonly logger: Logger | undefined;
  readonly strictModels: boolean;
  readonly modelNotation: "resolve" | "verbatim";
  readonly disableThinking: boolean | undefined;
  emit<K extends keyof LLMEvents>(event: K, value: LLMEvents[K]): void;
  /** Work that goes on behind the answer, such as looking up what an aborted stream cost. */
  inBackground(work: Promise<void>): void;
  /** Lets calls in, and none once the client is closing. */
  readonly calls: { enter(): () => void };
  /** Ends every call when the client closes. */
  readonly closing: AbortSignal;
  /** Ends the look-ups of what calls have cost, which a closing client that has the time waits for. */
  readonly ending: AbortSignal;
}

/** What the client, its scopes and the surrounding `run()` give a call, merged. */
export interface ScopeSettings {
  readonly apiKey: (() => string | Promise<string>) | undefined;
  /** Hash of the key: stands for it in counters. Undefined where a function gives the key, one for each attempt. */
  readonly keyId: string | undefined;
  /** Where the key was found, in words; undefined where there is none. Told when upstream refuses it. */
  readonly keyOrigin: string | undefined;
  /** The base URL came from a file: only the key beside it may be sent there. */
  readonly keyIsFixed: boolean;
  readonly model: string | undefined;
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
  readonly routing: ProviderRouting | undefined;
  /** Every floor from the root down; all hold. */
  readonly policies: readonly Policy[];
  readonly budgets: readonly Budget[];
  readonly limits: Limits | false | undefined;
  readonly user: string | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly signals: readonly AbortSignal[];
  readonly timeouts: readonly TimeoutOptions[];
  readonly retry: false | RetryOptions | undefined;
}

/** The scope of a call that is made. */
export interface CallScope extends ScopeSettings {
  /** A client with exactly this scope, for the calls that tools make. */
  readonly llm: () => LLM;
  /** Where answers wait that are kept in the cache only once they were found good. */
  readonly heldAnswers?: HeldAnswers | undefined;
}
