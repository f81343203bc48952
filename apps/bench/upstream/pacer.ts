import type { ServerResponse } from "node:http";

const EVENTS_PER_SECOND = 50;
const GROUPS = 4;

interface Paced {
  response: ServerResponse;
  writes: readonly Buffer[];
  next: number;
}

/** Writes one event to every stream 50 times a second; the streams take turns in four groups. */
export class Pacer {
  readonly #groups: Set<Paced>[] = Array.from({ length: GROUPS }, () => new Set());
  #added = 0;
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;

  add(response: ServerResponse, writes: readonly Buffer[]): void {
    const group = this.#groups[this.#added % GROUPS];
    this.#added += 1;
    group?.add({ response, writes, next: 0 });
    this.#timer ??= setInterval(() => this.#tick(), 1_000 / EVENTS_PER_SECOND / GROUPS);
  }

  #tick(): void {
    const group = this.#groups[this.#turn % GROUPS];
    this.#turn += 1;
    for (const paced of group ?? []) {
      const piece = paced.writes[paced.next];
      paced.next += 1;
      if (piece && !paced.response.destroyed) paced.response.write(piece);
      if (paced.next < paced.writes.length && !paced.response.destroyed) continue;
      paced.response.end();
      group?.delete(paced);
    }
    if (this.#groups.some(({ size }) => size > 0)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
