import type { ChatChunk, ChunkDelta } from "../messages/chat-body.js";
import { type ChunkParts, chunkParts, type Fields, PLACES } from "./chunk-places.js";
import type { RepeatedChunk } from "./chunk-sink.js";
import { stringValues } from "./string-values.js";

const BACKSLASH = 92;
const FIRST_PRINTABLE = 32;
/** A slice of a string that is this long keeps the whole string alive; a shorter one is a copy. */
const KEPT_SLICE = 13;

const KEYS = new Set(PLACES.map(({ key }) => key));
/** Stands for a text while a template is made. */
const PROBE = "signalbox probe ";

/** What stands before a text, and where the text goes. */
interface Gap {
  before: string;
  target: Fields;
  key: string;
}

/**
 * An event that was parsed once. Another event whose line is the same byte for byte, save for the texts of the answer,
 * is read by copying the parsed chunk and putting its own texts in: several times as fast as parsing.
 *
 * Which strings of the line are those texts is not guessed: each is replaced by a probe, and where the probes come out
 * of a parse is where texts will be put. A string in a line of JSON can be replaced by any other one without anything
 * else in the outcome changing, so what is read here equals what a parse would give, duplicate keys included.
 */
export class ChunkTemplate implements RepeatedChunk {
  /** Behind the blank line of the event that was read last. */
  end = 0;
  readonly #chunk: Fields;
  readonly #choice: Fields;
  readonly #delta: Fields;
  /** The lists of the delta, which need copies of their own; undefined where it has none. */
  readonly #lists: Pick<ChunkParts, "delta" | "detail" | "call" | "function"> | undefined;
  readonly #gaps: readonly Gap[];
  readonly #texts: string[] = [];
  /** What stands behind the last text, blank line included. */
  readonly #rest: string;

  private constructor(parts: ChunkParts, gaps: readonly Gap[], rest: string) {
    this.#chunk = parts.chunk;
    this.#choice = parts.choice;
    this.#delta = parts.delta;
    this.#lists = parts.delta.reasoning_details || parts.delta.tool_calls ? parts : undefined;
    this.#gaps = gaps;
    this.#rest = rest;
  }

  /** @param json - the data of an event, in one line, and `chunk`, its parse; undefined where none can be made */
  static of(json: string, chunk: ChatChunk): ChunkTemplate | undefined {
    const parsed = chunkParts(chunk);
    if (parsed === undefined) return undefined;
    const values = stringValues(json, KEYS);
    let probed = "";
    let done = 0;
    for (const [index, { from, to }] of values.entries()) {
      probed += `${json.slice(done, from)}${PROBE}${index}`;
      done = to;
    }
    const probes = chunkParts(JSON.parse(probed + json.slice(done)) as ChatChunk) as ChunkParts;
    // Parsed anew, so that nobody else has a hand on what is copied from.
    const parts = chunkParts(JSON.parse(json) as ChatChunk) as ChunkParts;
    const gaps: Gap[] = [];
    let before = "data: ";
    done = 0;
    for (const [index, { from, to }] of values.entries()) {
      const text = PROBE + index;
      // The same text without a probe: something else put it there.
      const place = PLACES.find(
        ({ owner, key }) => probes[owner]?.[key] === text && (parsed[owner] as Fields)[key] !== text,
      );
      if (place === undefined) continue;
      gaps.push({
        before: copied(before, json.slice(done, from)),
        target: parts[place.owner] as Fields,
        key: place.key,
      });
      before = "";
      done = to;
    }
    return gaps.length === 0 ? undefined : new ChunkTemplate(parts, gaps, copied(json.slice(done), "\n\n"));
  }

  get delta(): ChunkDelta {
    return this.#delta;
  }

  /** Reads the event at `start`, if it is one of this kind and stands there whole; nothing changes if not. */
  read(block: string, start: number): boolean {
    const gaps = this.#gaps;
    const texts = this.#texts;
    let at = start;
    for (let index = 0; index < gaps.length; index += 1) {
      const { before } = gaps[index] as Gap;
      const from = at + before.length;
      // Comparing a slice is many times as fast as startsWith.
      if (block.slice(at, from) !== before) return false;
      at = block.indexOf('"', from);
      while (isEscaped(block, at)) at = block.indexOf('"', at + 1);
      const text = readText(block, from, at);
      if (text === undefined) return false;
      texts[index] = text;
    }
    const end = at + this.#rest.length;
    if (block.slice(at, end) !== this.#rest) return false;
    this.end = end;
    for (let index = 0; index < gaps.length; index += 1) {
      const { target, key } = gaps[index] as Gap;
      target[key] = texts[index];
    }
    return true;
  }

  copy(): ChatChunk {
    const delta = { ...this.#delta };
    if (this.#lists !== undefined) copyLists(this.#lists, delta);
    return { ...this.#chunk, choices: [{ ...this.#choice, delta }] };
  }
}

/** Joined into a string of its own: a slice of the event would keep all of the network read alive with it. */
function copied(...pieces: readonly string[]): string {
  return pieces.join("");
}

/** An odd number of backslashes stands before it. */
function isEscaped(block: string, quote: number): boolean {
  let at = quote;
  while (block.charCodeAt(at - 1) === BACKSLASH) at -= 1;
  return (quote - at) % 2 === 1;
}

/** A text between its quotes; undefined where JSON forbids it as it stands there. */
function readText(block: string, from: number, to: number): string | undefined {
  if (to - from < KEPT_SLICE) {
    const text = block.slice(from, to);
    if (isPlain(text)) return text;
  }
  try {
    return JSON.parse(block.slice(from - 1, to + 1)) as string;
  } catch {
    // Left to the parser of events, which says so.
  }
  return undefined;
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH || code < FIRST_PRINTABLE) return false;
  }
  return true;
}

function copyLists(
  { delta, detail, call, function: called }: Omit<ChunkParts, "chunk" | "choice">,
  copy: Fields,
): void {
  if (Array.isArray(delta.reasoning_details)) copy.reasoning_details = detail === undefined ? [] : [{ ...detail }];
  if (Array.isArray(delta.tool_calls))
    copy.tool_calls = call === undefined ? [] : [{ ...call, function: { ...called } }];
}
