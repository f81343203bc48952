import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { messagesOf, type WireMessage } from "./prompt-text.js";
import { countTokens } from "./tokens.js";

// What a chat template adds around each message, and what one image costs at low detail.
const tokensPerMessage = 4;
const tokensPerMedia = 85;

/** Prompt tokens of a chat request: its texts, its tools, and a fixed share for media and framing. */
export function promptTokens(body: JsonObject): number {
  let tokens = 3;
  for (const message of messagesOf(body)) tokens += messageTokens(message);
  return (
    tokens +
    jsonTokens(body.tools) +
    jsonTokens(isJsonObject(body.response_format) ? body.response_format.json_schema : undefined)
  );
}

/** Tokens of one message with its framing. */
export function messageTokens(message: WireMessage): number {
  return tokensPerMessage + contentTokens(message.content) + jsonTokens(message.tool_calls);
}

function contentTokens(content: JsonValue | undefined): number {
  if (typeof content === "string") return countTokens(content);
  if (!Array.isArray(content)) return 0;
  return content.reduce<number>(
    (sum, part) =>
      sum + (isJsonObject(part) && typeof part.text === "string" ? countTokens(part.text) : tokensPerMedia),
    0,
  );
}

/** Tokens of what goes into a prompt as JSON. */
export function jsonTokens(value: JsonValue | undefined): number {
  return value === undefined || value === null ? 0 : countTokens(JSON.stringify(value));
}
