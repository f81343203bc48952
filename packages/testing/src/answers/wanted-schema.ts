import { isJsonObject, type JsonObject } from "../json.js";
import { findSchemaInMessages } from "../schema/find-schema.js";
import { asSchema, type JsonSchema } from "../schema/json-schema.js";
import type { WireMessage } from "../text/prompt-text.js";
import { messageText } from "../text/prompt-text.js";

const anyObject: JsonSchema = {
  type: "object",
  properties: {
    title: { type: "string" },
    summary: { type: "string" },
    points: { type: "array", items: { type: "string" } },
  },
  required: ["title", "summary", "points"],
};

/**
 * The schema a request's answer has to follow, or `undefined` for prose. A model without `structured_outputs` does not
 * see `json_schema`, one without `response_format` does not see `json_object`; a schema in the prompt's own text is
 * obeyed by all of them.
 */
export function wantedSchema(
  body: JsonObject,
  messages: readonly WireMessage[],
  supported: readonly string[],
): JsonSchema | undefined {
  const format = isJsonObject(body.response_format) ? body.response_format : {};
  if (format.type === "json_schema" && supported.includes("structured_outputs")) {
    const wrapper = isJsonObject(format.json_schema) ? format.json_schema : {};
    return asSchema(wrapper.schema) ?? anyObject;
  }
  const written = findSchemaInMessages(messages);
  if (format.type === "json_object" && supported.includes("response_format")) return written ?? anyObject;
  return written && messages.some((message) => /json/i.test(messageText(message))) ? written : undefined;
}
