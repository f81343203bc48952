import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { findJson } from "../text/embedded-json.js";
import { messageText, type WireMessage } from "../text/prompt-text.js";
import { looksLikeJsonSchema } from "./looks-like-schema.js";

/** The JSON Schema that a prompt carries in its text, the latest message first. */
export function findSchemaInMessages(messages: readonly WireMessage[]): JsonObject | undefined {
  for (const message of messages.toReversed()) {
    if (message.role === "assistant" || message.role === "tool") continue;
    for (const { value } of findJson(messageText(message))) {
      const schema = unwrap(value);
      if (schema) return schema;
    }
  }
  return undefined;
}

/** Accepts the bare schema, `{ schema }` and OpenAI's `{ type: "json_schema", json_schema: { schema } }`. */
function unwrap(value: JsonValue): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  if (looksLikeJsonSchema(value)) return value;
  const inner = isJsonObject(value.json_schema) ? value.json_schema.schema : value.schema;
  return isJsonObject(inner) && looksLikeJsonSchema(inner) ? inner : undefined;
}
