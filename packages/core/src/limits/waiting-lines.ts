import { WaitingLine } from "./waiting-line.js";

/** Lines by their name; there is one only while somebody holds a place in it or waits. */
export class WaitingLines {
  readonly #lines = new Map<string, WaitingLine>();

  /** Whether a place is free for somebody who comes now. */
  hasPlace(name: string, places: number): boolean {
    return this.#lines.get(name)?.hasPlace(places) ?? true;
  }

  /** Takes a place that `hasPlace` has found. Gives what `enter` resolves with. */
  take(name: string): () => void {
    return this.#lineOf(name).take();
  }

  /** Resolves with the function that gives the place back; rejects with the signal's reason. */
  enter(name: string, places: number, signal: AbortSignal | undefined): Promise<() => void> {
    return this.#lineOf(name).enter(places, signal);
  }

  #lineOf(name: string): WaitingLine {
    let line = this.#lines.get(name);
    if (line === undefined) {
      line = new WaitingLine(() => this.#lines.delete(name));
      this.#lines.set(name, line);
    }
    return line;
  }
}
