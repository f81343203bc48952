import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Body, cut } from "./body.ts";

interface Recording {
  request: { path: string };
  response: { status: number; body?: string; bodyBase64?: string; chunkSizes?: number[] };
  tags: string[];
  identicalTo?: string;
  expect: { text?: string; error?: unknown };
}

const COUNT = 20;
/** Recorded traffic lies beside the checkout; it is not part of it. */
const folder = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));

/** The longest recorded chat streams, in the pieces in which they were read; none where there are no recordings. */
export function recordedBodies(): Body[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(folder + file, "utf8")) as Recording)
    .filter(isGoodStream)
    .map((recording) => ({ recording, bytes: bytesOf(recording) }))
    .sort((a, b) => b.bytes.length - a.bytes.length)
    .slice(0, COUNT)
    .map(({ recording, bytes }) => bodyOf(recording, bytes));
}

function isGoodStream({ request, response, tags, expect, identicalTo }: Recording): boolean {
  const chat = request.path.endsWith("/chat/completions") && tags.includes("stream");
  return chat && response.status === 200 && !expect.error && identicalTo === undefined;
}

function bytesOf({ response }: Recording): Buffer {
  return response.bodyBase64 === undefined
    ? Buffer.from(response.body ?? "", "utf8")
    : Buffer.from(response.bodyBase64, "base64");
}

function bodyOf({ response, expect }: Recording, bytes: Buffer): Body {
  const text = bytes.toString("utf8");
  const events = text.match(/^data: \{.*$/gm) ?? [];
  const pieces = events.filter((event) => /"delta":\{[^}]*"content":"[^"]/.test(event)).length;
  return {
    kind: "stream",
    writes: response.chunkSizes ? sized(bytes, response.chunkSizes) : cut(text),
    expect: { chars: expect.text?.length ?? 0, deltas: events.length, pieces },
  };
}

function sized(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    if (at < bytes.length) pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces.filter((piece) => piece.length > 0);
}
