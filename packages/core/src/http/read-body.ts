import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { ByteSink, ByteSource } from "./transport.js";

/** The longest answer, and the longest single event of a stream, that is taken: 64 MiB. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Reads a whole body as text. More than `maxBytes` rejects with `invalid_response` and closes the connection, or, with
 * `cut`, gives what had arrived: enough for a body that only explains a failure, as is one whose connection breaks.
 *
 * @param onBroken - told what had arrived of a body whose connection breaks, before the rejection
 */
export function readBody(
  source: ByteSource,
  maxBytes: number = MAX_BODY_BYTES,
  cut = false,
  onBroken?: (text: string) => void,
): Promise<string> {
  return new Promise((resolve, reject) =>
    source.start(new Collector(source, maxBytes, cut, resolve, reject, onBroken)),
  );
}

class Collector implements ByteSink {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly maxBytes: number,
    private readonly cut: boolean,
    private readonly resolve: (text: string) => void,
    private readonly reject: (error: LLMError) => void,
    private readonly onBroken: ((text: string) => void) | undefined,
  ) {}

  onBytes(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= this.maxBytes) return;
    this.source.destroy();
    if (this.cut) this.resolve(this.#text().slice(0, this.maxBytes));
    else this.reject(createError("invalid_response", `the answer is too large: more than ${this.maxBytes} bytes`));
  }

  onEnd(): void {
    this.resolve(this.#text());
  }

  onError(error: LLMError): void {
    if (this.cut && error.code !== "aborted") {
      this.resolve(this.#text());
      return;
    }
    this.onBroken?.(this.#text());
    this.reject(error);
  }

  #text(): string {
    const [first] = this.#pieces;
    if (first === undefined) return "";
    const whole = this.#pieces.length === 1 && Buffer.isBuffer(first) ? first : Buffer.concat(this.#pieces);
    return whole.toString("utf8");
  }
}
