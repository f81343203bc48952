import { type Body, cut, type Expectation } from "./body.ts";
import * as wire from "./chunk-events.ts";
import { objectText } from "./object-text.ts";
import { recordedBodies } from "./recorded-bodies.ts";

const LONG = 20_000;
const COMMENT_EVERY = 1_000;

interface Story {
  events: string[];
  expect: Expectation;
}

/** All bodies by name, each built when it is first asked for and then kept: nothing is serialised while measuring. */
export class Bodies {
  readonly #makers: ReadonlyMap<string, () => Body>;
  readonly #made = new Map<string, Body>();

  constructor() {
    const recorded = recordedBodies();
    this.#makers = new Map<string, () => Body>([
      ["single", () => blocks(story(LONG))],
      ["multibyte", () => blocks(story(LONG, { script: "wide" }), 1_021)],
      ["envelope", () => blocks(story(LONG, { envelope: wire.varyingEnvelope }))],
      ["short", () => blocks(story(200))],
      ["paced", () => ({ ...eachEvent(story(100)), kind: "paced" })],
      ["first", () => ({ ...eachEvent(story(20)), kind: "first" })],
      ["held", held],
      ["json", json],
      ...[10, 100, 400].map((size) => [`object-${size}`, () => object(size)] as const),
      ...recorded.map((body, at) => [`recorded-${at}`, () => body] as const),
    ]);
  }

  get names(): string[] {
    return [...this.#makers.keys()];
  }

  get(name: string): Body | undefined {
    const known = this.#made.get(name);
    if (known) return known;
    const body = this.#makers.get(name)?.();
    if (body) this.#made.set(name, body);
    return body;
  }
}

/** Comments, `count` deltas, the closing events. */
function story(
  count: number,
  { script = "latin" as wire.Script, envelope = (_index: number): wire.Envelope => wire.FIXED_ENVELOPE } = {},
): Story {
  const events = [wire.COMMENT, wire.COMMENT];
  const expect = { chars: 0, deltas: count, pieces: 0 };
  for (let index = 0; index < count; index += 1) {
    const { text, reasoning } = wire.deltaOf(index, script);
    if (index > 0 && index % COMMENT_EVERY === 0) events.push(wire.COMMENT);
    events.push(reasoning ? wire.reasoningEvent(text, envelope(index)) : wire.textEvent(text, envelope(index)));
    if (reasoning) continue;
    expect.chars += text.length;
    expect.pieces += 1;
  }
  events.push(...wire.closingEvents(envelope(count)));
  return { events, expect };
}

function blocks({ events, expect }: Story, size?: number): Body {
  return { kind: "stream", writes: cut(events.join(""), size), expect };
}

/** One write for each event; the comments go with the event behind them, `[DONE]` with the usage before it. */
function eachEvent({ events, expect }: Story): Body {
  const writes: string[] = [];
  let before = "";
  for (const event of events) {
    if (event === wire.COMMENT) before += event;
    else if (event === wire.DONE) writes.push(`${writes.pop() ?? ""}${event}`);
    else {
      writes.push(before + event);
      before = "";
    }
  }
  return { kind: "stream", writes: writes.map((text) => Buffer.from(text)), expect };
}

/** Four deltas, then silence until it is let go. */
function held(): Body {
  const { events, expect } = story(4);
  const open = events.slice(0, -3);
  return { kind: "held", writes: cut(open.join("")), rest: cut(events.slice(-3).join("")), expect };
}

function json(): Body {
  const deltas = Array.from({ length: 40 }, (_, index) => wire.deltaOf(index, "latin").text);
  const text = deltas.join("");
  const events = deltas.map((delta) => wire.textEvent(delta, wire.FIXED_ENVELOPE));
  return {
    kind: "json",
    writes: [Buffer.from(wire.completion(text))],
    rest: cut([...events, ...wire.closingEvents(wire.FIXED_ENVELOPE)].join("")),
    expect: { chars: text.length, deltas: 1, pieces: 1 },
  };
}

/** A JSON object of about `size` KB in deltas of 20 characters. */
function object(size: number): Body {
  const text = objectText(size * 1_000);
  const deltas = text.match(/[\s\S]{1,20}/g) ?? [];
  const events = [wire.COMMENT, ...deltas.map((delta) => wire.textEvent(delta, wire.FIXED_ENVELOPE))];
  events.push(...wire.closingEvents(wire.FIXED_ENVELOPE));
  return blocks({ events, expect: { chars: text.length, deltas: deltas.length, pieces: deltas.length } });
}
