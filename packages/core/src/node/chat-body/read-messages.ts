import { InvalidRequestError } from "../../errors/error-classes.js";
import type { ContentPart, Message } from "../../messages/message.js";

const IMAGE_ADDRESS = /^(?:https?:\/\/|data:image\/)/i;

/**
 * Reads the messages of a body: roles user and assistant, text and image parts, nothing else.
 *
 * @throws InvalidRequestError `invalid_request` that names the place, never what stood there
 */
export function readMessages(value: unknown): Message[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong("`messages` is not a list of at least one message");
  return value.map((message, index) => readMessage(message, `messages[${index}]`));
}

function readMessage(value: unknown, where: string): Message {
  const { role, content } = only(value, where, ["role", "content"]);
  if (role !== "user" && role !== "assistant") throw wrong(`\`${where}.role\` is neither "user" nor "assistant"`);
  if (typeof content === "string") return { role, content };
  if (!Array.isArray(content) || content.length === 0) {
    throw wrong(`\`${where}.content\` is neither a text nor a list of parts`);
  }
  return { role, content: content.map((part, index) => readPart(part, `${where}.content[${index}]`)) };
}

function readPart(value: unknown, where: string): ContentPart {
  const { type } = record(value, where);
  if (type === "text") {
    const { text } = only(value, where, ["type", "text"]);
    if (typeof text !== "string") throw wrong(`\`${where}.text\` is no text`);
    return { type, text };
  }
  if (type === "image_url") {
    const { url, detail } = only(only(value, where, ["type", "image_url"]).image_url, `${where}.image_url`, [
      "url",
      "detail",
    ]);
    if (typeof url !== "string" || !IMAGE_ADDRESS.test(url)) {
      throw wrong(`\`${where}.image_url.url\` is neither an http(s) address nor a data:image/ one`);
    }
    if (detail !== undefined && typeof detail !== "string") throw wrong(`\`${where}.image_url.detail\` is no text`);
    return { type, image_url: detail === undefined ? { url } : { url, detail } };
  }
  throw wrong(`\`${where}.type\` is neither "text" nor "image_url"`);
}

function only(value: unknown, where: string, known: readonly string[]): Record<string, unknown> {
  const given = record(value, where);
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other !== undefined) throw wrong(`\`${where}.${other.slice(0, 80)}\` is not open`);
  return given;
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(`\`${where}\` is no object`);
}

function wrong(detail: string): InvalidRequestError {
  return new InvalidRequestError("invalid_request", detail);
}
