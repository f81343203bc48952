import type { IncomingMessage } from "node:http";
import type { JsonValue } from "../json.js";

const maxBytes = 64 * 1024 * 1024;

/** Thrown where the client left before its body was complete, or sent more than 64 MiB. */
export class UnreadableBody extends Error {}

/** The request's body: parsed JSON, the text where it is not JSON, null where there is none. */
export async function readBody(request: IncomingMessage): Promise<JsonValue> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new UnreadableBody("request body too large");
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof UnreadableBody ? error : new UnreadableBody("request aborted");
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text === "") return null;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
