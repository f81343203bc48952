import type { Delivery, Step } from "../delivery/step.js";

/** An HTTP answer recorded elsewhere: a file of the corpus, or anything of its shape. */
export interface RecordedAnswer {
  response: {
    status: number;
    headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
    body?: string | undefined;
    bodyBase64?: string | undefined;
    /** Sizes in bytes of the reads in which it arrived. */
    chunkSizes?: readonly number[] | undefined;
  };
}

/** A recorded answer waiting for its request. */
export interface Recording {
  answer: RecordedAnswer;
  cuts: readonly number[] | undefined;
  pauseMs: number;
}

// They describe the connection or the encoding of the recording, not what is sent now.
const dropped = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "date",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The recorded answer byte by byte, in the pieces it was read in or cut at the given byte offsets. */
export function replayDelivery({ answer: { response }, cuts, pauseMs }: Recording): Delivery {
  const body =
    response.bodyBase64 === undefined
      ? Buffer.from(response.body ?? "", "utf8")
      : Buffer.from(response.bodyBase64, "base64");
  const offsets = cuts ?? readOffsets(response.chunkSizes ?? []);
  return {
    status: response.status,
    headers: replayedHeaders(response.headers ?? {}),
    steps: pieces(body, offsets, pauseMs),
  };
}

function replayedHeaders(recorded: NonNullable<RecordedAnswer["response"]["headers"]>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(recorded)) {
    if (!dropped.has(name.toLowerCase()))
      headers[name.toLowerCase()] = typeof value === "string" ? value : value.join(", ");
  }
  return headers;
}

function readOffsets(sizes: readonly number[]): number[] {
  let offset = 0;
  return sizes.map((size) => (offset += size));
}

function* pieces(body: Buffer, offsets: readonly number[], pauseMs: number): Generator<Step> {
  const ends = [...new Set(offsets.filter((offset) => offset > 0 && offset < body.length))].sort(
    (left, right) => left - right,
  );
  let start = 0;
  for (const end of [...ends, body.length]) {
    if (start > 0 && pauseMs > 0) yield { do: "wait", ms: pauseMs };
    if (end > start) yield { do: "write", data: body.subarray(start, end), apart: true };
    start = end;
  }
}
