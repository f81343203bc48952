import type { ToolCall } from "../tools/tool-types.js";
import type { Accumulator } from "./accumulator.js";
import type { Step } from "./generate-result.js";
import type { StreamEvent } from "./stream-event.js";

/** One answer of the model as a run reads it: newly asked for, or kept from an earlier time. */
export interface AnswerTurn {
  readonly accumulator: Accumulator;
  readonly firstTokenMs: number | undefined;
  /** The next events; undefined at the good end. What the two functions return is the outcome. */
  next<T>(
    onBatch: (batch: StreamEvent[] | undefined) => T | Promise<T>,
    onFailure: (error: unknown) => T | Promise<T>,
  ): Promise<T>;
  /** Reads it in place of `next()`, where nobody is told of events. */
  readWhole(): Promise<void>;
  finish(): Promise<{ step: Step; toolCalls: ToolCall[] }>;
}
