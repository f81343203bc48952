import { MAX_BODY_BYTES } from "../http/read-body.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { EventDecoder } from "../sse/event-decoder.js";

/** A JSON answer longer than this is relayed without being read. */
const MOST_JSON_BYTES = 4 * 1024 * 1024;

/** Listens to relayed bytes for usage and generation id, and leaves them as they are. */
export class UsageTap {
  readonly #decoder: EventDecoder | undefined;
  #json: Uint8Array[] | undefined;
  #jsonBytes = 0;
  #usage: unknown;
  #id: string | undefined;
  /** Characters of text, thoughts and arguments that have passed. */
  characters = 0;

  constructor(contentType: string | undefined) {
    if (contentType?.includes("event-stream")) this.#decoder = new EventDecoder(MAX_BODY_BYTES);
    else if (contentType?.includes("json")) this.#json = [];
  }

  add(bytes: Uint8Array): void {
    if (this.#decoder) {
      for (const chunk of this.#decoder.decode([bytes])) this.#read(chunk);
    } else if (this.#json) {
      this.#jsonBytes += bytes.length;
      if (this.#jsonBytes > MOST_JSON_BYTES) this.#json = undefined;
      else this.#json.push(bytes);
    }
  }

  /** The last usage object that came by. */
  get usage(): unknown {
    this.#readWhole();
    return this.#usage;
  }

  get generationId(): string | undefined {
    this.#readWhole();
    return this.#id;
  }

  #read({ id, usage, choices }: ChatChunk): void {
    if (typeof id === "string") this.#id = id;
    if (typeof usage === "object" && usage !== null) this.#usage = usage;
    const delta = Array.isArray(choices) ? choices[0]?.delta : undefined;
    if (typeof delta !== "object" || delta === null) return;
    this.characters += lengthOf(delta.content) + lengthOf(delta.reasoning);
    for (const call of delta.tool_calls ?? []) this.characters += lengthOf(call?.function?.arguments);
  }

  #readWhole(): void {
    for (const chunk of this.#decoder?.end() ?? []) this.#read(chunk);
    if (this.#json === undefined || this.#json.length === 0) return;
    const text = Buffer.concat(this.#json).toString("utf8");
    this.#json = undefined;
    try {
      this.#read(JSON.parse(text) as ChatChunk);
    } catch {
      // Not JSON after all: relayed as it came, nothing to meter.
    }
  }
}

const lengthOf = (value: unknown) => (typeof value === "string" ? value.length : 0);
