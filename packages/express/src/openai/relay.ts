import { once } from "node:events";
import { AbortedError } from "@signalbox/core";
import type { Response } from "express";
import { failureOf } from "./openai-error.js";
import { RelayedLines } from "./relayed-lines.js";

/** Headers of upstream that are about the answer; the rest is about upstream's account and connection. */
const RELAYED = ["content-type", "retry-after", "x-generation-id"];

/**
 * Answers with what upstream answered. A stream goes out as it comes; anything else is read to its end first, so
 * that what breaks off or holds an error never goes out as a success.
 *
 * Throws: the failure that the answer stands for, before anything was written.
 * Cancels: `end` ends upstream's answer; nothing is written then.
 */
export async function relay(answer: globalThis.Response, res: Response, end: AbortSignal): Promise<void> {
  if (answer.ok && answer.headers.get("content-type")?.includes("event-stream")) return relayStream(answer, res, end);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const failure = failureOf(answer, bytes.toString("utf8"));
  if (failure !== undefined) throw failure;
  setHead(answer, res, end);
  res.end(bytes);
}

async function relayStream(answer: globalThis.Response, res: Response, end: AbortSignal): Promise<void> {
  const lines = new RelayedLines();
  let open = false;
  /** A promise only where the caller reads slower: most writes wait for nothing. */
  const write = (bytes: Buffer): Promise<unknown> | undefined => {
    // Held until the first line: what fails before is answered with its status.
    if (!open) setStreamHead(answer, res, end);
    open = true;
    end.throwIfAborted();
    if (res.writableEnded) throw answeredElsewhere();
    return res.write(bytes) ? undefined : once(res, "drain", { signal: end });
  };
  const reader = answer.body?.getReader();
  let last: Buffer;
  try {
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      const block = lines.take(read.value);
      const drained = block && write(block);
      if (drained !== undefined) await drained;
    }
    last = lines.end();
  } catch (error) {
    // A stream that has failed says its failure again.
    reader?.cancel(error).catch(() => {});
    end.throwIfAborted();
    if (res.writableEnded) throw error;
    last = lines.fail(error);
  }
  if (last.length > 0) await write(last);
  res.end();
}

function setStreamHead(answer: globalThis.Response, res: Response, end: AbortSignal): void {
  setHead(answer, res, end);
  res.setHeader("Cache-Control", "no-cache, no-transform");
  res.setHeader("X-Accel-Buffering", "no");
}

function setHead(answer: globalThis.Response, res: Response, end: AbortSignal): void {
  end.throwIfAborted();
  if (res.headersSent) throw answeredElsewhere();
  res.status(answer.status);
  for (const name of RELAYED) {
    const value = answer.headers.get(name);
    if (value !== null) res.setHeader(name, value);
  }
}

/** Nothing more may be written, and nobody is left to tell. */
function answeredElsewhere(): AbortedError {
  return new AbortedError("aborted", "the answer has been given");
}
