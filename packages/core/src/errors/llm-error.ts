import type { GenerateResult } from "../generate/generate-result.js";
import { CODE_TABLE } from "./code-table.js";
import type { ErrorCode } from "./error-code.js";
import { redactBody, redactSecrets } from "./redact-secrets.js";

/** One HTTP attempt at a call: what was tried and how it ended. */
export interface Attempt {
  /** 1 for the first attempt. */
  number: number;
  /** HTTP status, where headers arrived. */
  status?: number | undefined;
  /** The code of the failure; absent on the attempt that succeeded. */
  code?: ErrorCode | undefined;
  generationId?: string | undefined;
  /** How long we waited before the next attempt, in milliseconds. */
  waitedMs?: number | undefined;
  durationMs: number;
}

/** What upstream itself said, as far as it could be read. `raw` is not enumerable: it may hold user text. */
export interface UpstreamFailure {
  status?: number | undefined;
  code?: string | number | undefined;
  type?: string | undefined;
  message?: string | undefined;
  raw?: unknown;
}

/** Which clock ran out, or how far the call had come when the connection failed. */
export type ErrorPhase = "connect" | "first_token" | "idle" | "total" | "before_headers" | "streaming";

/** What may be told about a failure when an {@link LLMError} is built; anything left out follows from its code. */
export interface LLMErrorFields {
  hint?: string | undefined;
  status?: number | undefined;
  retryable?: boolean | undefined;
  retryAfterMs?: number | undefined;
  phase?: ErrorPhase | undefined;
  model?: string | undefined;
  servedBy?: string | undefined;
  generationId?: string | undefined;
  upstream?: UpstreamFailure | undefined;
  attempts?: Attempt[] | undefined;
  /** Text, usage and whatever else had arrived. Not enumerable. */
  partial?: Partial<GenerateResult> | undefined;
  expose?: boolean | undefined;
  /** Tokens the account can still pay for, where a 402 told. */
  affordableTokens?: number | undefined;
  /** How many requests a window holds, where a 429 told. */
  rateLimit?: number | undefined;
  /** Secrets to remove by value from every text of the error. */
  secrets?: readonly (string | undefined)[] | undefined;
  cause?: unknown;
}

const BRAND = Symbol.for("signalbox.LLMError");
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * The base of every error this package throws.
 *
 * Shape: switch on `code`; `status` is the HTTP status it stands for; `detail` holds the literal texts
 * (`rate limit exceeded`, `insufficient balance`, …); `retryable` is judged after what was already delivered;
 * `partial` is what had arrived. `toJSON()` and `util.inspect` show neither key, header, prompt nor answer.
 * Source: the code table in the package's API contract.
 */
export class LLMError extends Error {
  /** The codes that `is()` of this class accepts; empty means all. */
  static readonly codes: readonly ErrorCode[] = [];

  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly phase: ErrorPhase | undefined;
  readonly model: string | undefined;
  readonly servedBy: string | undefined;
  readonly generationId: string | undefined;
  readonly affordableTokens: number | undefined;
  readonly rateLimit: number | undefined;
  readonly expose: boolean;
  declare readonly upstream: UpstreamFailure | undefined;
  declare readonly attempts: Attempt[];
  declare readonly partial: Partial<GenerateResult> | undefined;

  /**
   * Made by the client; yours to make in tests and in a provider of your own.
   *
   * @param detail - what happened, in upstream's words where it has some; keys in it are masked
   * @param fields - what else is known; status, `retryable` and `expose` come from the code where they are not given
   */
  constructor(code: ErrorCode, detail: string, fields: LLMErrorFields = {}) {
    const safe = (text: string | undefined) => (text === undefined ? undefined : redactSecrets(text, fields.secrets));
    const safeDetail = safe(detail) ?? "";
    super(safeDetail, fields.cause === undefined ? undefined : { cause: fields.cause });
    const row = CODE_TABLE[code];
    this.name = new.target.name;
    this.code = code;
    this.status = fields.status ?? row.status;
    this.detail = safeDetail;
    this.hint = safe(fields.hint);
    this.retryable = fields.retryable ?? row.retryable;
    this.retryAfterMs = fields.retryAfterMs;
    this.phase = fields.phase;
    this.model = safe(fields.model);
    this.servedBy = safe(fields.servedBy);
    this.generationId = safe(fields.generationId);
    this.affordableTokens = fields.affordableTokens;
    this.rateLimit = fields.rateLimit;
    this.expose = fields.expose ?? row.expose;
    const upstream = fields.upstream && cleaned(fields.upstream, safe);
    if (upstream) hide(upstream, "raw", redactBody(fields.upstream?.raw, fields.secrets));
    hide(this, "upstream", upstream);
    hide(this, "attempts", fields.attempts ?? []);
    hide(this, "partial", fields.partial);
  }

  /** True for errors of this class from any install or build of this package. */
  static is<T extends LLMError>(
    this: { new (...args: never[]): T; readonly codes: readonly ErrorCode[] },
    value: unknown,
  ): value is T {
    if (typeof value !== "object" || value === null || !(BRAND in value)) return false;
    const { code } = value as unknown as LLMError;
    return this.codes.length === 0 || this.codes.includes(code);
  }

  /** What logs may keep: no key, header, prompt or answer. */
  toJSON(): Record<string, unknown> {
    const { upstream } = this;
    return withoutUndefined({
      name: this.name,
      code: this.code,
      status: this.status,
      message: this.message,
      detail: this.detail,
      hint: this.hint,
      retryable: this.retryable,
      retryAfterMs: this.retryAfterMs,
      phase: this.phase,
      model: this.model,
      servedBy: this.servedBy,
      generationId: this.generationId,
      affordableTokens: this.affordableTokens,
      rateLimit: this.rateLimit,
      upstream: upstream && withoutUndefined({ status: upstream.status, code: upstream.code, type: upstream.type }),
      attempts: this.attempts.length,
    });
  }

  /** What `console.log` and `util.inspect` print: the stack and what `toJSON()` has. */
  [INSPECT](): string {
    const { name: _name, message: _message, detail: _detail, ...rest } = this.toJSON();
    return `${this.stack ?? `${this.name}: ${this.message}`} ${JSON.stringify(rest)}`;
  }
}
Object.defineProperty(LLMError.prototype, BRAND, { value: true });

function cleaned(failure: UpstreamFailure, safe: (text: string | undefined) => string | undefined): UpstreamFailure {
  const { code, type, message } = failure;
  return { ...failure, code: typeof code === "string" ? safe(code) : code, type: safe(type), message: safe(message) };
}

function hide(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: false, configurable: true, writable: true });
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
