import type { Transform } from "node:stream";
import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { ByteSink, ByteSource } from "./transport.js";

/**
 * A source that undoes `encoding` (`gzip`, `deflate`, `br`, `zstd` where this Node has it, or a list of them) as the
 * bytes come; `undefined` for an encoding that cannot be undone. A corrupt body ends in `invalid_response`.
 */
export function decodeContent(source: ByteSource, encoding: string): ByteSource | undefined {
  let decoded: ByteSource | undefined = source;
  for (const name of encoding.toLowerCase().split(",").reverse()) {
    if (decoded === undefined) return undefined;
    decoded = decodeOne(decoded, name.trim());
  }
  return decoded;
}

function decodeOne(source: ByteSource, name: string): ByteSource | undefined {
  if (name === "" || name === "identity") return source;
  const zlib = process.getBuiltinModule("node:zlib");
  if (name === "gzip" || name === "x-gzip") return new DecodedSource(source, () => zlib.createGunzip());
  if (name === "br") return new DecodedSource(source, () => zlib.createBrotliDecompress());
  if (name === "zstd" && "createZstdDecompress" in zlib)
    return new DecodedSource(source, () => zlib.createZstdDecompress());
  // "deflate" means a zlib wrapper, yet some servers send the raw stream: the first byte tells.
  if (name === "deflate") {
    return new DecodedSource(source, (first) =>
      (first & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw(),
    );
  }
  return undefined;
}

class DecodedSource implements ByteSource, ByteSink {
  readonly #source: ByteSource;
  readonly #createDecoder: (firstByte: number) => Transform;
  #decoder: Transform | undefined;
  #sink: ByteSink | undefined;
  #held = false;
  #full = false;
  /** Why the connection broke. */
  #failure: LLMError | undefined;

  constructor(source: ByteSource, createDecoder: (firstByte: number) => Transform) {
    this.#source = source;
    this.#createDecoder = createDecoder;
  }

  start(sink: ByteSink): void {
    this.#sink = sink;
    this.#source.start(this);
  }

  pause(): void {
    this.#held = true;
    this.#decoder?.pause();
    this.#source.pause();
  }

  resume(): void {
    this.#held = false;
    this.#decoder?.resume();
    if (!this.#full) this.#source.resume();
  }

  destroy(): void {
    this.#sink = undefined;
    this.#source.destroy();
    this.#decoder?.destroy();
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#sink === undefined || bytes.length === 0) return;
    this.#decoder ??= this.#open(bytes[0] ?? 0);
    if (this.#decoder.write(bytes)) return;
    this.#full = true;
    this.#source.pause();
  }

  onEnd(): void {
    if (this.#decoder !== undefined) this.#decoder.end();
    else this.#take()?.onEnd();
  }

  onError(error: LLMError): void {
    if (this.#decoder !== undefined && error.code !== "aborted") {
      // What had arrived is decoded first, for it is the reader's.
      this.#failure = error;
      this.#decoder.end();
      return;
    }
    this.#decoder?.destroy();
    this.#take()?.onError(error);
  }

  #open(firstByte: number): Transform {
    const decoder = this.#createDecoder(firstByte);
    decoder.on("data", (bytes: Uint8Array) => this.#sink?.onBytes(bytes));
    decoder.on("drain", () => {
      this.#full = false;
      if (!this.#held) this.#source.resume();
    });
    decoder.on("end", () => {
      if (this.#failure === undefined) this.#take()?.onEnd();
      else this.#take()?.onError(this.#failure);
    });
    decoder.on("error", (cause) => {
      const sink = this.#take();
      this.#source.destroy();
      sink?.onError(this.#failure ?? createError("invalid_response", "the compressed body is corrupt", { cause }));
    });
    return decoder;
  }

  #take(): ByteSink | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
