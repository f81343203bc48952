import { MAX_BODY_BYTES } from "../http/read-body.js";
import { EventDecoder } from "../sse/event-decoder.js";
import { recordOf } from "../usage/wire-number.js";

/** A JSON answer longer than this is relayed without being read. */
const MOST_JSON_BYTES = 4 * 1024 * 1024;

/**
 * Listens to relayed bytes for usage and generation id, and leaves them as they are. It knows the shapes of chat
 * completions, of `/responses` and of `/messages`, whole and streamed.
 */
export class UsageTap {
  readonly #decoder: EventDecoder | undefined;
  #json: Uint8Array[] | undefined;
  #jsonBytes = 0;
  #usage: unknown;
  #id: string | undefined;
  #failed = false;
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

  /** An error came by, and no usage. */
  get failed(): boolean {
    this.#readWhole();
    return this.#failed && this.#usage === undefined;
  }

  #read(chunk: object): void {
    const event = chunk as Readonly<Record<string, unknown>>;
    // `/responses` and the first event of `/messages` wrap the answer; everything else is the answer itself.
    const answer = recordOf(event.response) ?? recordOf(event.message) ?? event;
    const { id } = answer;
    if (typeof id === "string") this.#id = id;
    const usage = recordOf(answer.usage);
    // The last event of `/messages` counts the answer only; the prompt was counted with the first.
    if (usage) this.#usage = event.type === "message_delta" ? { ...recordOf(this.#usage), ...usage } : usage;
    if (recordOf(answer.error) || event.type === "error") this.#failed = true;
    if (Array.isArray(event.choices)) this.#countChoice(recordOf(event.choices[0]));
    else if (event.delta !== undefined) this.#countDelta(event.delta);
  }

  #countChoice(choice: Record<string, unknown> | undefined): void {
    if (recordOf(choice?.error)) this.#failed = true;
    const said = recordOf(choice?.delta) ?? recordOf(choice?.message);
    if (said === undefined) return;
    this.characters += lengthOf(said.content) + lengthOf(said.reasoning);
    for (const call of Array.isArray(said.tool_calls) ? said.tool_calls : [])
      this.characters += lengthOf(recordOf(recordOf(call)?.function)?.arguments);
  }

  #countDelta(delta: unknown): void {
    const said = recordOf(delta);
    this.characters += said
      ? lengthOf(said.text) + lengthOf(said.thinking) + lengthOf(said.partial_json)
      : lengthOf(delta);
  }

  #readWhole(): void {
    for (const chunk of this.#decoder?.end() ?? []) this.#read(chunk);
    if (this.#json === undefined || this.#json.length === 0) return;
    const text = Buffer.concat(this.#json).toString("utf8");
    this.#json = undefined;
    try {
      const answer = recordOf(JSON.parse(text));
      if (answer) this.#read(answer);
    } catch {
      // Not JSON after all: relayed as it came, nothing to meter.
    }
  }
}

const lengthOf = (value: unknown) => (typeof value === "string" ? value.length : 0);
