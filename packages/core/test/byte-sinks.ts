import type { LLMError } from "../src/errors/llm-error.js";
import type { ByteSink, ByteSource, TransportRequest } from "../src/http/transport.js";

/** Takes a body and lets a test wait for what came. */
export class RecordingSink implements ByteSink {
  readonly pieces: Uint8Array[] = [];
  readonly outcome: Promise<LLMError | "end">;
  #settle!: (outcome: LLMError | "end") => void;
  #watchers: (() => boolean)[] = [];
  calls = 0;

  constructor() {
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString("utf8");
  }

  onBytes(bytes: Uint8Array): void {
    this.calls += 1;
    this.pieces.push(bytes);
    this.#watchers = this.#watchers.filter((found) => !found());
  }

  onEnd(): void {
    this.calls += 1;
    this.#settle("end");
  }

  onError(error: LLMError): void {
    this.calls += 1;
    this.#settle(error);
  }

  /** Resolves once the text so far includes `part`. */
  saw(part: string): Promise<void> {
    return new Promise((resolve) => {
      const found = () => {
        if (!this.text.includes(part)) return false;
        resolve();
        return true;
      };
      if (!found()) this.#watchers.push(found);
    });
  }
}

/** A source that a test feeds by hand. */
export class HandSource implements ByteSource {
  sink: ByteSink | undefined;
  started = false;
  paused = false;
  destroyed = false;
  /** Called by `resume`, before it returns. */
  onResume: (() => void) | undefined;

  start(sink: ByteSink): void {
    this.started = true;
    this.sink = sink;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
    this.onResume?.();
  }
  destroy(): void {
    this.destroyed = true;
  }
  feed(text: string): void {
    this.sink?.onBytes(Buffer.from(text));
  }
}

/** A request with clocks that are far away. */
export function transportRequest(url: string, fields: Partial<TransportRequest> = {}): TransportRequest {
  return {
    method: "POST",
    url,
    headers: {},
    body: "{}",
    connectMs: 10_000,
    headersMs: 60_000,
    idleMs: 60_000,
    ...fields,
  };
}
