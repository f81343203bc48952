import { once } from "node:events";
import { StreamTruncatedError } from "@signalbox/core";
import type { Response } from "express";
import { failureOf, isRefusal, parsed } from "./openai-error.js";
import { relayedLines } from "./relayed-lines.js";

/** Headers of upstream that are about the answer; the rest is about upstream's account and connection. */
const RELAYED = ["content-type", "retry-after", "x-generation-id"];

/**
 * Answers with what upstream answered. A stream goes out as it comes; anything else is read to its end first, so
 * that what breaks off or holds an error never goes out as a success.
 *
 * Throws: the failure that the answer stands for, before anything was written.
 * Cancels: `departure` ends upstream's answer.
 */
export async function relay(answer: globalThis.Response, res: Response, departure: AbortSignal): Promise<void> {
  if (answer.ok && answer.headers.get("content-type")?.includes("event-stream"))
    return relayStream(answer, res, departure);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const text = bytes.toString("utf8");
  const failure =
    answer.status >= 400 && isRefusal(parsed(text)) ? undefined : failureOf(answer.status, answer.headers, text);
  if (failure !== undefined) throw failure;
  setHead(answer, res);
  res.end(bytes);
}

async function relayStream(answer: globalThis.Response, res: Response, departure: AbortSignal): Promise<void> {
  const lines = relayedLines((answer.body ?? []) as AsyncIterable<Uint8Array>);
  // Held until the first line: what fails before is answered with its status.
  const first = await lines.next();
  if (first.done) throw new StreamTruncatedError("stream_truncated", "stream ended unexpectedly");
  setHead(answer, res);
  res.setHeader("Cache-Control", "no-cache, no-transform");
  res.setHeader("X-Accel-Buffering", "no");
  await write(res, first.value, departure);
  for await (const block of lines) await write(res, block, departure);
  res.end();
}

function setHead(answer: globalThis.Response, res: Response): void {
  res.status(answer.status);
  for (const name of RELAYED) {
    const value = answer.headers.get(name);
    if (value !== null) res.setHeader(name, value);
  }
}

async function write(res: Response, bytes: Uint8Array, departure: AbortSignal): Promise<void> {
  departure.throwIfAborted();
  if (!res.write(bytes)) await once(res, "drain", { signal: departure });
}
