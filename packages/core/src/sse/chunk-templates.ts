import type { ChatChunk } from "../messages/chat-body.js";
import { ChunkTemplate } from "./chunk-template.js";

const MOST_KEPT = 4;
/** A template costs about as much as it saves on so many events. */
const COST = 8;
const MOST_CREDIT = 32;
/** With the credit used up, the templates are given up after so many events without a hit. */
const LONGEST_MISS = 16;

/** The templates of one stream. Where nearly every event differs in more than its texts, it stops making them. */
export class ChunkTemplates {
  #kept: ChunkTemplate[] = [];
  #credit = MOST_CREDIT;
  #misses = 0;

  /** The template that has read the event at `start`, where one fits and the event stands there whole. */
  read(block: string, start: number): ChunkTemplate | undefined {
    for (let index = 0; index < this.#kept.length; index += 1) {
      const template = this.#kept[index] as ChunkTemplate;
      if (!template.read(block, start)) continue;
      this.#misses = 0;
      if (this.#credit < MOST_CREDIT) this.#credit += 1;
      return template;
    }
    return undefined;
  }

  /** Takes note of an event that no template fitted. */
  learn(json: string, chunk: ChatChunk): void {
    if (this.#credit < COST) {
      this.#misses += 1;
      if (this.#misses === LONGEST_MISS) this.#kept = [];
      return;
    }
    this.#credit -= COST;
    const template = ChunkTemplate.of(json, chunk);
    if (template !== undefined) this.#kept = [template, ...this.#kept.slice(0, MOST_KEPT - 1)];
  }
}
