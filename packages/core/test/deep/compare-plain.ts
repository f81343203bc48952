import { arrived, type Reading } from "../recorded-reading.js";
import type { PlainReading } from "./plain-reading.js";

/** The codes that each kind of end may have. */
const CODES: Readonly<Record<PlainReading["end"], readonly string[]>> = {
  good: [],
  empty: ["empty_response"],
  cut: ["stream_truncated"],
  unreadable: ["invalid_response"],
  error: ["invalid_request", "provider_error"],
};

/** Every difference between a reading and what a plain reader gets from the same bytes, its end included. */
export function unlikePlain(reading: Reading, plain: PlainReading): string[] {
  const read = arrived(reading);
  const found: string[] = [];
  const same = (what: string, got: unknown, wanted: unknown) => {
    if (JSON.stringify(got) !== JSON.stringify(wanted))
      found.push(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
  };
  same("text", read.text ?? "", plain.text);
  same("reasoning", read.reasoning ?? "", plain.reasoning);
  if (plain.arguments !== undefined)
    same("arguments", (read.toolCalls ?? []).map((call) => call.rawArguments).join(""), plain.arguments);
  same("finish", read.rawFinishReason, plain.finish);
  same("native finish", read.nativeFinishReason, plain.native);
  if (read.usage !== undefined || isCounted(plain.usage)) same("usage", read.usage?.raw, plain.usage);
  const got = reading.error?.code;
  if (plain.end === "good" && got !== undefined) found.push(`an error where none is: ${got}`);
  if (plain.end !== "good" && (got === undefined || !CODES[plain.end].includes(got)))
    found.push(`${plain.end}, but ${got ?? "a result"}`);
  return found;
}

/** Usage of which no count can be read is none. */
function isCounted(usage: unknown): boolean {
  if (typeof usage !== "object" || usage === null) return false;
  return ["prompt_tokens", "completion_tokens", "total_tokens"].some((name) =>
    Number.isSafeInteger((usage as Record<string, unknown>)[name]),
  );
}
