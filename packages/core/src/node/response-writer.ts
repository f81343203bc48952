import type { Clock, Timer } from "../http/clock.js";
import { watchDeparture } from "./departure.js";
import { cutOff, isAnswered, isHttp2, type ServerAnswer } from "./server-answer.js";
import type { WireFormat } from "./wire-format.js";

export interface WriterOptions {
  format: WireFormat;
  /** How long nothing may be written before a ping is; 0 = never. */
  heartbeatMs: number;
  clock: Clock;
  /** More may be added. */
  onReady: () => void;
  /** The client has left before the answer was finished. */
  onGone: () => void;
  /** Somebody else has ended the response. */
  onTaken: () => void;
}

/** Characters that are written without waiting for the rest of what is at hand. */
const FULL = 16_384;

/**
 * Writes one answer: holds everything back until something is worth opening it, gathers what comes in one turn into
 * one write, waits for slow clients, pings while idle and notices a client that leaves.
 */
export class ResponseWriter {
  readonly #res: ServerAnswer;
  readonly #options: WriterOptions;
  #unwatch: () => void = () => {};
  #pending = "";
  #scheduled = false;
  #opened: boolean;
  #blocked = false;
  #over = false;
  #heartbeat: Timer | undefined;
  #lastWrite: number;
  #onFinished: (() => void) | undefined;

  constructor(res: ServerAnswer, options: WriterOptions) {
    this.#res = res;
    this.#options = options;
    this.#opened = res.headersSent;
    this.#lastWrite = options.clock.now();
    // One listener for the whole answer: `compression` moves drain listeners to a stream it never takes them from.
    res.on("drain", this.#onDrain);
    res.on("error", this.#onError);
    res.on("finish", this.#onFinish);
    this.#unwatch = watchDeparture(res, this.#leave);
    if (options.format.ping !== undefined && options.heartbeatMs > 0 && !this.#over) this.#arm(options.heartbeatMs);
  }

  /** True once status and headers are on their way. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Adds text; `opens` sends the headers if they are held. False: wait for `onReady` before adding more. */
  add(text: string, opens: boolean): boolean {
    this.#pending += text;
    if (this.#pending === "") return true;
    if (!this.#opened) {
      if (!opens || text === "") return true;
      this.#open();
    }
    if (this.#pending.length >= FULL && !this.#blocked) {
      this.#flush();
      // A source that never waits would keep the event loop from everybody else.
      if (!this.#blocked) setImmediate(this.#ready);
      return false;
    }
    if (!this.#scheduled) {
      this.#scheduled = true;
      // Runs when every event that is at hand has been added: one write for all of them.
      process.nextTick(this.#onTick);
    }
    return !this.#blocked;
  }

  /** Writes the last text and ends the answer; `onFinished` follows when the network has taken all of it. */
  end(text: string, onFinished: () => void): void {
    this.#stopHeartbeat();
    // Where others have ended the response, `finish` says so.
    if (this.#over || this.#res.writableEnded) return;
    if (!this.#opened) this.#open();
    this.#onFinished = onFinished;
    const rest = this.#pending + text;
    this.#pending = "";
    if (rest === "") this.#res.end();
    else this.#res.end(rest);
  }

  /** Breaks the answer off, visibly for the client. */
  cut(): void {
    this.detach();
    cutOff(this.#res);
  }

  /** Leaves the response as it is; idempotent. */
  detach(): void {
    this.#over = true;
    this.#pending = "";
    this.#stopHeartbeat();
    this.#unwatch();
    this.#res.off("drain", this.#onDrain);
    this.#res.off("error", this.#onError);
    this.#res.off("finish", this.#onFinish);
  }

  #open(): void {
    this.#opened = true;
    const res = this.#res;
    if (!isHttp2(res)) res.socket?.setNoDelay?.(true);
    if (res.headersSent) return;
    const { contentType, headers } = this.#options.format;
    res.setHeader("Content-Type", contentType);
    res.removeHeader("Content-Length");
    const defaults = { "Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", ...headers };
    for (const [name, value] of Object.entries(defaults)) {
      if (!res.hasHeader(name)) res.setHeader(name, value);
    }
  }

  #flush(): void {
    if (this.#pending === "" || this.#blocked || this.#over || this.#res.writableEnded) return;
    if (!this.#opened) this.#open();
    const text = this.#pending;
    this.#pending = "";
    const sink: { write(text: string): boolean } = this.#res;
    this.#blocked = !sink.write(text);
    this.#lastWrite = this.#options.clock.now();
    flushCompression(this.#res);
  }

  readonly #onTick = () => {
    this.#scheduled = false;
    this.#flush();
  };

  readonly #ready = () => {
    if (!this.#over) this.#options.onReady();
  };

  readonly #onDrain = () => {
    if (!this.#blocked) return;
    this.#blocked = false;
    this.#lastWrite = this.#options.clock.now();
    this.#flush();
    if (!this.#blocked) this.#ready();
  };

  readonly #onFinish = () => {
    if (!isAnswered(this.#res)) return;
    this.detach();
    if (this.#onFinished === undefined) this.#options.onTaken();
    else this.#onFinished();
  };

  readonly #onError = () => this.#leave();

  readonly #leave = () => {
    if (this.#over) return;
    this.detach();
    this.#options.onGone();
  };

  #arm(ms: number): void {
    this.#heartbeat = this.#options.clock.after(ms, () => this.#beat());
  }

  #stopHeartbeat(): void {
    this.#heartbeat?.clear();
    this.#heartbeat = undefined;
  }

  #beat(): void {
    const { clock, heartbeatMs, format } = this.#options;
    const idle = clock.now() - this.#lastWrite;
    // Whoever does not read what is there needs no sign of life on top.
    if (idle >= heartbeatMs && !this.#blocked) {
      this.#pending += format.ping ?? "";
      this.#flush();
    }
    this.#arm(idle < heartbeatMs ? heartbeatMs - idle : heartbeatMs);
  }
}

/** `compression` puts a `flush` on the response itself; one that is inherited is something else. */
function flushCompression(res: ServerAnswer): void {
  if (!Object.hasOwn(res, "flush")) return;
  const { flush } = res as { flush?: unknown };
  if (typeof flush === "function") flush.call(res);
}
