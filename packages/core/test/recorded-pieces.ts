import type { ByteSink, ByteSource, TransportAnswer } from "../src/http/transport.js";
import { LLMClient } from "../src/index.js";
import { createOpenRouterProvider } from "../src/provider/openrouter/openrouter-provider.js";
import { ManualClock } from "./manual-clock.js";
import { type Mode, type Reading, readRecorded } from "./recorded-reading.js";
import type { Recording } from "./recordings.js";
// Parts that core loads on demand, here beforehand: a file takes its time, and a hang is told by turns.
import "../src/errors/upstream-reader.js";
import "../src/generate/tool-loop.js";
import "../src/provider/merge-chunks.js";

/** More turns of the event loop than any reading takes after its last byte. */
const TURNS_TO_END = 200;

/** A body whose pieces arrive one at a time, each in a turn of the event loop of its own, as network reads do. */
class PieceSource implements ByteSource {
  readonly #pieces: readonly Buffer[];
  #next = 0;
  #sink: ByteSink | undefined;
  #held = false;
  #scheduled = false;

  constructor(pieces: readonly Buffer[]) {
    this.#pieces = pieces;
  }

  start(sink: ByteSink): void {
    this.#sink = sink;
    this.#schedule();
  }
  pause(): void {
    this.#held = true;
  }
  resume(): void {
    this.#held = false;
    this.#schedule();
  }
  destroy(): void {
    this.#sink = undefined;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#held || this.#sink === undefined) return;
      const piece = this.#pieces[this.#next++];
      if (piece === undefined) return this.#sink.onEnd();
      this.#sink.onBytes(piece);
      this.#schedule();
    });
  }
}

/**
 * Reads answers whose network reads a test decides, through everything between a socket and the caller. Time stands
 * still, so that the same bytes give the same result to the last field.
 */
export class PieceReader {
  readonly #llm: LLMClient;
  #answer: TransportAnswer | undefined;

  constructor() {
    const clock = new ManualClock();
    const transport = async () => {
      const answer = this.#answer;
      this.#answer = undefined;
      if (answer === undefined) throw new Error("nothing to answer with");
      return answer;
    };
    const provider = createOpenRouterProvider({ baseURL: "http://127.0.0.1:9/api/v1", transport, clock });
    this.#llm = new LLMClient({ provider, modelNotation: "verbatim", retry: false, env: false, clock });
  }

  /** The reading of `recording` with these pieces as its body. Fails where it does not come to an end. */
  async read(recording: Recording, pieces: readonly Buffer[], mode: Mode = "streaming"): Promise<Reading> {
    const { status, headers } = recording.response;
    this.#answer = { status, headers, source: new PieceSource(pieces) };
    let settled = false;
    const reading = readRecorded(this.#llm, recording, mode).finally(() => {
      settled = true;
    });
    for (let turns = pieces.length + TURNS_TO_END; !settled; turns--) {
      if (turns === 0) throw new Error(`${recording.name} hangs after its last byte`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return reading;
  }
}

/** Everything a reading gave, as text; keep-alives follow the network and are left out. */
export function printed({ result, error, events = [] }: Reading): string {
  const told = events.filter(({ type }) => type !== "keep-alive" && type !== "finish");
  return JSON.stringify({ told, result, error, partial: error?.partial });
}
