import type { ErrorCode } from "../errors/error-code.js";
import type { LedgerOperation, LedgerOutcome } from "../ledger/ledger.js";
import type { Cost, Usage } from "../usage/usage.js";

/** A call, which may take several requests to the provider and run tools between them. */
export interface WatchedCall {
  /** The tools that this package executes: a list of this call's own. */
  readonly tools: readonly unknown[];
  /** What ends it early. */
  readonly signal: { readonly signal: AbortSignal };
}

/** A request to the provider, before its first attempt. */
export interface WatchedRequest {
  /** Also the id of its reservation and of its record in the ledger. */
  id: string;
  /** The call that it belongs to; absent where there is nothing but the request. */
  call?: WatchedCall | undefined;
  operation: LedgerOperation;
  streaming: boolean;
  provider: string;
  /** The id that is sent. */
  model: string;
  user: string | undefined;
  metadata: Readonly<Record<string, string>> | undefined;
  /** What is sent; only for those who were told to record content. */
  body: Readonly<Record<string, unknown>>;
}

/** What became of a request. */
export interface RequestEnd {
  outcome: Exclude<LedgerOutcome, "unknown">;
  code?: ErrorCode | undefined;
  /** How often it was sent. */
  attempts: number;
  latencyMs: number;
  firstTokenMs?: number | undefined;
  /** The model that answered, in upstream's words. */
  model?: string | undefined;
  servedBy?: string | undefined;
  generationId?: string | undefined;
  finishReason?: string | undefined;
  /** The answer's message; only for those who were told to record content. */
  message?: unknown;
}

/** Hears what becomes of one request. Nothing that it does may fail or take time: it stands in the way of the answer. */
export interface RequestWatch {
  /** Sends an attempt: what is done meanwhile belongs to the request. */
  within<T>(work: () => T): T;
  /** It stood so long under limits before an attempt. */
  waited(ms: number): void;
  /** An attempt failed, and another follows after `delayMs`. */
  retried(retry: { attempt: number; delayMs: number; code: ErrorCode; status?: number | undefined }): void;
  firstToken(ms: number): void;
  /** A network read of a stream brought so many chunks. */
  read(chunks: number): void;
  ended(end: RequestEnd): void;
  /** What it cost and took; once for each generation that was billed, also after its end. */
  booked(usage: Usage | undefined, cost: Cost | undefined): void;
}

/** A tool that is about to be run. */
export interface WatchedTool {
  call: WatchedCall;
  /** The id that the model gave its call. */
  id: string;
  name: string;
  /** Only for those who were told to record content. */
  args: unknown;
}

/** Hears of what a client does. */
export interface Watcher {
  /** Opens a watch for a request. */
  request(request: WatchedRequest): RequestWatch;
  /** Runs a tool, in whose context it does what it does. Settles as `work` does. */
  tool<T>(tool: WatchedTool, work: () => Promise<T>): Promise<T>;
  /** Neither a request nor a tool of the call is to come any more. */
  ended(call: WatchedCall, code: ErrorCode | undefined): void;
  /** The circuit of a model has opened or closed. */
  circuit(model: string, isOpen: boolean): void;
}
