import type { JsonObject, JsonValue } from "../json.js";

/**
 * `open`: still being answered. `finished`: the answer ended, by itself or by a fault. `closed-by-client`: the client
 * left before the end.
 */
export type RequestState = "open" | "finished" | "closed-by-client";

/** One request as the simulator saw it; it fills up while the answer is written. */
export interface RequestLogEntry {
  /** `req-1`, `req-2`, …: unique within a simulator. */
  readonly id: string;
  /** Position in `requests`, from 0. */
  readonly at: number;
  /** When it arrived, in milliseconds since the epoch (of the simulator's clock). */
  readonly receivedAt: number;
  readonly method: string;
  /** Path below `/api/v1`, without the query: `/chat/completions`; the whole path of a request outside, which gets a 404. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names; a bearer key is reduced to its last four characters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON body; null without one, a string where it is not JSON. */
  readonly body: JsonValue;
  /** The body where it is an object, else an empty object. */
  readonly json: JsonObject;
  readonly model: string | undefined;
  readonly stream: boolean;
  /** Text of the last user message. */
  readonly prompt: string;
  readonly status?: number | undefined;
  readonly generationId?: string | undefined;
  /** Display name of the provider that answered. */
  readonly provider?: string | undefined;
  /** What was billed, as on the wire; for an answer the client left, of what had been written. */
  readonly usage?: JsonObject | undefined;
  /** USD. */
  readonly cost?: number | undefined;
  /** The fault that hit it. */
  readonly fault?: string | undefined;
  /** SSE data events written so far (`[DONE]` not counted). */
  readonly events: number;
  /** Body bytes written so far. */
  readonly bytes: number;
  readonly state: RequestState;
  /** Resolves with this entry when the answer has ended or the client has left. Never rejects. */
  readonly closed: Promise<RequestLogEntry>;
}
