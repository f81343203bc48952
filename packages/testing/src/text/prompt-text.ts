import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { looksLikeJsonSchema } from "../schema/looks-like-schema.js";
import { findJson } from "./embedded-json.js";

/** A chat message as it came over the wire. */
export type WireMessage = JsonObject;

/** The text of a message: its string content, or its text parts joined. */
export function messageText(message: WireMessage | undefined): string {
  return contentText(message?.content);
}

export function contentText(content: JsonValue | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isJsonObject(part) && typeof part.text === "string" ? part.text : "")).join("\n");
}

/** The messages of a request body, or an empty list where there are none. */
export function messagesOf(body: JsonObject): WireMessage[] {
  return Array.isArray(body.messages) ? body.messages.filter(isJsonObject) : [];
}

/** What the user asked last. */
export function lastUserText(messages: readonly WireMessage[]): string {
  return messageText(messages.findLast((message) => message.role === "user"));
}

/**
 * The prompt without its machinery: JSON Schemas are dropped, other JSON is replaced by `key: value` lines of its
 * strings and numbers, code fences and markup are blanked. What is left is what the prompt is about.
 */
export function proseOf(prompt: string): string {
  let prose = "";
  let end = 0;
  for (const found of findJson(prompt)) {
    prose += prompt.slice(end, found.start);
    prose += looksLikeJsonSchema(found.value) ? "\n" : `\n${leaves(found.value).join("\n")}\n`;
    end = found.end;
  }
  return `${prose}${prompt.slice(end)}`.replace(/```[a-z]*|<[^<>\n]{1,80}>|https?:\/\/\S+/gi, " ");
}

function leaves(value: JsonValue, key = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, key));
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : leaves(member, name)));
  }
  return typeof value === "string" || typeof value === "number" ? [key ? `${key}: ${value}` : String(value)] : [];
}
