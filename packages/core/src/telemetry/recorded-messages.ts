import { asRecord } from "../errors/as-record.js";
import { redactSecrets } from "../errors/redact-secrets.js";

interface Part {
  type: string;
  [field: string]: unknown;
}

/** Messages of the wire in the conventions' form, as JSON. What looks like a key is masked; data that is not text is left out. */
export function recordedMessages(messages: unknown, finishReason?: string): string {
  const list = Array.isArray(messages) ? messages : [];
  const told = list.map((message) => ({
    ...recordedMessage(message),
    ...(finishReason === undefined ? {} : { finish_reason: finishReason }),
  }));
  return asText(told);
}

/** Any other value, as JSON with the same care. */
export function recordedValue(value: unknown): string {
  return asText(value);
}

function asText(value: unknown): string {
  return redactSecrets(JSON.stringify(value, withoutBytes) ?? "").replace(DATA_URL, LEFT_OUT);
}

const LEFT_OUT = "[data left out]";

/** Also within texts: what a tool gives is sent as the text of a message. */
const DATA_URL = /data:[^,"\s]{0,200};base64,[\w+/=-]+/gi;

/** Audio and files of content parts, which tools give and vectors are made of, too. */
function withoutBytes(name: string, value: unknown): unknown {
  return name === "input_audio" || name === "file_data" ? LEFT_OUT : value;
}

function recordedMessage(message: unknown): { role: string; parts: Part[] } {
  const { role, content, reasoning, tool_calls: calls, tool_call_id: id } = asRecord(message) ?? {};
  const parts: Part[] = [];
  if (typeof reasoning === "string") parts.push({ type: "reasoning", content: reasoning });
  if (role === "tool") parts.push({ type: "tool_call_response", id, response: content });
  else if (typeof content === "string") parts.push({ type: "text", content });
  else if (Array.isArray(content)) parts.push(...content.map(recordedPart));
  if (Array.isArray(calls)) parts.push(...calls.map(recordedCall));
  return { role: typeof role === "string" ? role : "", parts };
}

function recordedPart(part: unknown): Part {
  const { type, text, ...rest } = asRecord(part) ?? {};
  if (typeof text === "string") return { type: "text", content: text };
  const size = JSON.stringify(rest).length;
  return { type: typeof type === "string" ? type : "unknown", left_out: `${size} characters` };
}

function recordedCall(call: unknown): Part {
  const { id, function: asked } = asRecord(call) ?? {};
  const { name, arguments: args } = asRecord(asked) ?? {};
  return { type: "tool_call", id, name, arguments: parsed(args) };
}

/** The arguments as an object where they are one; the model may have written anything. */
function parsed(args: unknown): unknown {
  if (typeof args !== "string") return args;
  try {
    return JSON.parse(args);
  } catch {
    return args;
  }
}
