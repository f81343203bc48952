import type { RequestLogEntry } from "./request-log-entry.js";

interface Queued<T> {
  value: T;
  left: number;
  when: ((request: RequestLogEntry) => boolean) | undefined;
}

/** Faults, replies and recordings that wait for their requests: first come, first served. */
export class RequestQueue<T> {
  private readonly items: Queued<T>[] = [];

  add(value: T, times = 1, when?: ((request: RequestLogEntry) => boolean) | undefined): void {
    this.items.push({ value, left: times, when });
  }

  /** Takes the first that applies to the request; without a condition it applies to POST requests. */
  take(request: RequestLogEntry): T | undefined {
    const item = this.items.find(({ left, when }) => left > 0 && (when ? when(request) : request.method === "POST"));
    if (!item) return undefined;
    item.left -= 1;
    return item.value;
  }

  /** Gives back one that was taken in vain; it keeps its place in the queue. */
  giveBack(value: T): void {
    const item = this.items.find((other) => other.value === value);
    if (item) item.left += 1;
  }
}
