import type { StreamEvent } from "./stream-event.js";

/** Events kept for a reader that comes late; neighbouring deltas of one kind and step are joined into one piece. */
export class Backlog {
  #events: StreamEvent[] = [];

  add(batch: readonly StreamEvent[]): void {
    for (const event of batch) {
      const last = this.#events.at(-1);
      if (event.type === "keep-alive") continue;
      if (last !== undefined && isText(last) && last.type === event.type && last.step === (event as typeof last).step) {
        last.text += (event as typeof last).text;
      } else {
        this.#events.push(isText(event) ? { ...event } : event);
      }
    }
  }

  /** Everything that was kept; undefined where nothing was. */
  take(): StreamEvent[] | undefined {
    if (this.#events.length === 0) return undefined;
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

type TextEvent = Extract<StreamEvent, { type: "text-delta" | "reasoning-delta" | "refusal-delta" }>;

function isText(event: StreamEvent): event is TextEvent {
  return event.type === "text-delta" || event.type === "reasoning-delta" || event.type === "refusal-delta";
}
