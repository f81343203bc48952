import type { Infer, InferPartial, Schema, Strategy } from "../structured/schema.js";
import type { GenerateRequest } from "./generate-request.js";
import type { GenerateResult } from "./generate-result.js";
import type { StreamEvent } from "./stream-event.js";

/** A call that wants an object. */
export interface StructuredRequest<S extends Schema = Schema> extends GenerateRequest {
  schema: S;
  /** @default the wrapper's name, else "answer" */
  schemaName?: string | undefined;
  schemaDescription?: string | undefined;
  /** @default "auto": chosen from the catalogue in memory */
  strategy?: Strategy | "auto" | undefined;
  /** How often the model is asked again with the validator's errors. @default 1 */
  reasks?: number | undefined;
  /** A partial for each network read, or for each delta. @default "per-read" */
  partials?: "per-read" | "per-delta" | undefined;
}

export interface StructuredResult<T> extends GenerateResult {
  /** The validated object. */
  object: T;
  /** The rung that gave it. */
  strategy: Strategy;
}

/** Iterates growing partials of the schema's input; `result` validates the whole. Otherwise as a GenerateStream. */
export interface StructuredStream<T, P> extends AsyncIterable<P>, AsyncDisposable {
  readonly events: AsyncIterable<StreamEvent>;
  readonly result: Promise<StructuredResult<T>>;
  /** Closes upstream at once; the iteration ends and `result` rejects with `aborted` and `partial`. Idempotent. */
  abort(reason?: unknown): void;
}

/** The result of a structured call with schema `S`. */
export type StructuredResultOf<S extends Schema> = StructuredResult<Infer<S>>;
/** The stream of a structured call with schema `S`. */
export type StructuredStreamOf<S extends Schema> = StructuredStream<Infer<S>, InferPartial<S>>;
