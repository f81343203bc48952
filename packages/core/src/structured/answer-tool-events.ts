import type { StreamEvent } from "../generate/stream-event.js";

type TextDelta = Extract<StreamEvent, { type: "text-delta" }>;

/**
 * Turns the events of a forced tool into those of a text: its argument deltas become text deltas, its call none.
 * What the model says beside it is held back until the step ends, and dropped when the call came.
 */
export class AnswerToolEvents {
  readonly #toolName: string;
  #index: number | undefined;
  readonly #repeated = new Set<number>();
  #otherCalls = false;
  #held: TextDelta[] = [];

  constructor(toolName: string) {
    this.#toolName = toolName;
  }

  translate(event: StreamEvent, out: StreamEvent[]): void {
    switch (event.type) {
      case "step-start":
        this.#index = undefined;
        this.#repeated.clear();
        this.#otherCalls = false;
        this.#held = [];
        out.push(event);
        break;
      case "text-delta":
        this.#held.push(event);
        break;
      case "tool-call-delta":
        this.#readDelta(event, out);
        break;
      case "tool-call":
        if (event.call.name === this.#toolName) break;
        this.#otherCalls = true;
        this.#release(out);
        out.push(event);
        break;
      case "step-finish":
        this.#release(out);
        out.push(this.#isAnswer(event.finishReason) ? { ...event, finishReason: "stop" } : event);
        break;
      default:
        out.push(event);
    }
  }

  #readDelta(event: Extract<StreamEvent, { type: "tool-call-delta" }>, out: StreamEvent[]): void {
    if (event.name === this.#toolName) this.#index ??= event.index;
    // Further calls of the same tool are the same answer once more.
    if (event.name === this.#toolName && event.index !== this.#index) this.#repeated.add(event.index);
    if (this.#repeated.has(event.index)) return;
    if (event.index !== this.#index) out.push(event);
    else if (event.argumentsDelta !== "")
      out.push({ type: "text-delta", step: event.step, text: event.argumentsDelta });
  }

  #isAnswer(reason: string): boolean {
    return reason === "tool_calls" && this.#index !== undefined && !this.#otherCalls;
  }

  #release(out: StreamEvent[]): void {
    if (this.#index === undefined) out.push(...this.#held);
    this.#held = [];
  }
}
