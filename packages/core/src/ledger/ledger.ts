import type { ErrorCode } from "../errors/error-code.js";
import type { Cost } from "../usage/usage.js";

/** What a request was for: a chat, vectors, an order of documents, or whatever another SDK sends through `llm.fetch`. */
export type LedgerOperation = "chat" | "embeddings" | "rerank" | "relay";

/** What is kept of a request before it is sent. Never a key, a prompt or an answer. */
export interface LedgerIntent {
  /** 128 bits of randomness; also the id of its reservation in the budget store. */
  id: string;
  /** When it is sent, wall-clock milliseconds. */
  startedAt: number;
  /** The process that answers for it: `host:pid:random`. */
  process: string;
  operation: LedgerOperation;
  provider: string;
  /** The id that is sent. */
  model: string;
  /** The scope's user, else the one that the request names. */
  user?: string | undefined;
  /** Hash of the API key. */
  key: string;
  metadata?: Readonly<Record<string, string>> | undefined;
  /** The most that it can cost, USD; absent where no price is known. */
  worstCaseUsd?: number | undefined;
  /** Upstream's id of the generation, as soon as it is told. */
  generationId?: string | undefined;
}

/**
 * How a request ended: `answered`, `failed` (`code` says how), `aborted` by whoever asked, `refused` by a limit or a
 * budget before it was sent, or `unknown`: its process is gone and nobody can tell what it cost.
 */
export type LedgerOutcome = "answered" | "failed" | "aborted" | "refused" | "unknown";

/** The one record that a request leaves. */
export interface LedgerRecord extends LedgerIntent {
  outcome: LedgerOutcome;
  /** The error's code, where there is one. */
  code?: ErrorCode | undefined;
  /** Wall-clock milliseconds. */
  endedAt: number;
  /** From the call to its end, waiting and attempts included; 0 where nobody was there to measure it. */
  latencyMs: number;
  /** Of a stream: from the call to the first text, reasoning or call delta. */
  firstTokenMs?: number | undefined;
  /** How often it was sent. */
  attempts: number;
  servedBy?: string | undefined;
  finishReason?: string | undefined;
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
  cachedTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  /** What it cost, all attempts together: the cost's `totalUsd`. Absent where it is not known. */
  usd?: number | undefined;
  isByok?: boolean | undefined;
  /** Where `usd` comes from; `worst_case` where an `unknown` request is charged what was set aside for it. */
  source?: Cost["source"] | "worst_case" | undefined;
}

/**
 * Where every request leaves one record. A record takes the place of its intent; one that comes later for the same id
 * takes the place of the earlier, save that `unknown` takes the place of no other outcome. What comes after a record,
 * the intent again or a generation id, changes nothing. `undefined` instead of a promise says that it is done already.
 */
export interface Ledger {
  /** Keeps that a request is about to be sent. A rejection refuses the request, unsent, and `finish` is told so. */
  begin(intent: LedgerIntent): Promise<void> | undefined;
  /** Keeps the generation id of a request under way. */
  note?(id: string, generationId: string): Promise<void> | undefined;
  /** Keeps what became of a request. A rejection is told as a warning `ledger`; the intent stays. */
  finish(record: LedgerRecord): Promise<void> | undefined;
  /** Intents whose process is gone. */
  orphans?(): Promise<LedgerIntent[]>;
  /** The records that ended from `from` (inclusive) to `to` (exclusive), wall-clock milliseconds, oldest first. */
  records?(range?: { from?: number | undefined; to?: number | undefined }): AsyncIterable<LedgerRecord>;
  /** Writes what is still held back and lets go of what the ledger itself has opened. */
  close?(): Promise<void>;
}
