import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Clock, Timer } from "../http/clock.js";
import type { TransportAnswer } from "../http/transport.js";

/** Headers that describe one connection, or a length and coding that no longer hold. */
const DROPPED = new Set(["connection", "keep-alive", "transfer-encoding", "content-encoding", "content-length"]);
const READ_AHEAD_BYTES = 64 * 1024;

function headersOf(answer: TransportAnswer): Headers {
  return new Headers(Object.entries(answer.headers).filter(([name]) => !DROPPED.has(name)));
}

/** Where an answer holds the failure it stands for, in words that hold no key: whoever relays it looks here. */
const FAILURE = Symbol.for("signalbox.failure");

const standingFor = (failure: unknown, answer: Response) => Object.defineProperty(answer, FAILURE, { value: failure });

/** Upstream's own words of a failure, which were read whole already. */
export function failedResponse(answer: TransportAnswer, text: string, failure: unknown): Response {
  return standingFor(failure, new Response(text, { status: answer.status, headers: headersOf(answer) }));
}

/** A refusal of our own in OpenAI's error shape, with our status and `Retry-After` in seconds. */
export function refusalResponse(error: LLMError): Response {
  const headers = new Headers({ "content-type": "application/json" });
  if (error.retryAfterMs !== undefined) headers.set("retry-after", String(Math.ceil(error.retryAfterMs / 1000)));
  const body = { error: { message: error.message, type: error.code, code: error.code, param: null } };
  return standingFor(error, new Response(JSON.stringify(body), { status: error.status, headers }));
}

/** What the relay tells of the bytes that pass, and how long it waits for a reader. */
export interface RelayWatch {
  tap(bytes: Uint8Array): void;
  /** The error that the reader meets for one of the connection's. */
  reason(error: LLMError): LLMError;
  /** Called once: true at the end of the body, false where it broke off or was cancelled, with what it ended in. */
  end(whole: boolean, failure?: LLMError): Promise<void>;
  clock: Clock;
  /** A body that nobody has begun to read is closed when it has stood still for so long; 0 = never. */
  idleMs: number;
}

/**
 * Upstream's bytes as they come. The reader's pace is upstream's pace; cancelling the body closes upstream. What fits
 * into the read-ahead ends by itself, read or not; a longer body that has no reader is closed after `idleMs`.
 */
export function relayedResponse(answer: TransportAnswer, watch: RelayWatch): Response {
  const { source } = answer;
  const { clock, idleMs } = watch;
  let started = false;
  let over: Promise<void> | undefined;
  let cancelled = false;
  let unread: Timer | undefined;
  let pieces: Uint8Array[] = [];
  /** What came in one read, as one: a queue of the web's kind is dear for each piece that passes. */
  const take = () => {
    if (pieces.length === 0) return undefined;
    const bytes = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
    pieces = [];
    watch.tap(bytes);
    return bytes;
  };
  const finish = (whole: boolean, failure?: LLMError) => {
    unread?.clear();
    over ??= watch.end(whole, failure);
    return over;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        unread?.clear();
        if (started) return source.resume();
        started = true;
        const settle = (close: () => void, failure?: LLMError) => {
          const closeOnce = () => {
            if (!cancelled) close();
          };
          finish(failure === undefined, failure).then(closeOnce, closeOnce);
        };
        const fail = (failure: LLMError) => settle(() => controller.error(failure), failure);
        const closeUnread = () => {
          // A slow reader is a reader.
          if (body.locked) return waitForReader();
          source.destroy();
          fail(neverRead(idleMs));
        };
        const waitForReader = () => {
          if (idleMs > 0) unread = clock.after(idleMs, closeUnread);
        };
        source.start({
          onBytes(bytes) {
            // In a microtask, which runs after the parser has emitted all pieces of one socket read.
            if (pieces.push(bytes) === 1) queueMicrotask(hand);
          },
          onEnd() {
            hand();
            settle(() => controller.close());
          },
          onError(error) {
            hand();
            fail(watch.reason(error));
          },
        });

        function hand() {
          const bytes = take();
          if (bytes === undefined || cancelled) return;
          controller.enqueue(bytes);
          if ((controller.desiredSize ?? 0) > 0) return;
          source.pause();
          unread?.clear();
          waitForReader();
        }
      },
      async cancel() {
        cancelled = true;
        take();
        source.destroy();
        await finish(false, createError("aborted", "the body was cancelled"));
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: READ_AHEAD_BYTES }),
  );
  const empty = answer.status === 204 || answer.status === 304;
  if (empty) {
    source.destroy();
    void finish(false);
  }
  return new Response(empty ? null : body, { status: answer.status, headers: headersOf(answer) });
}

const neverRead = (idleMs: number) =>
  createError("timeout", `idle timeout: nobody read the body for ${idleMs} ms`, { phase: "idle" });
