import { createError } from "../errors/error-classes.js";
import { isAudioAddress, mediaTypeOf, toBase64, toDataUrl } from "./base64-data.js";
import type {
  AssistantMessage,
  AudioPart,
  CacheControl,
  ContentPart,
  FilePart,
  ImagePart,
  SystemMessage,
  TextPart,
  ToolMessage,
  UserMessage,
  VideoPart,
} from "./message.js";

/** What any part may carry. */
interface PartOptions {
  cache?: CacheControl | undefined;
}

/** A message of the user: a text or content parts. */
export const userMessage = (content: string | ContentPart[]): UserMessage => ({ role: "user", content });

/** Instructions for the model. */
export const systemMessage = (content: string | ContentPart[]): SystemMessage => ({ role: "system", content });

/** Something the model said; `extra` carries `tool_calls`, `reasoning_details` and the like. */
export const assistantMessage = (
  content: string | ContentPart[] | null,
  extra: Omit<AssistantMessage, "role" | "content"> = {},
): AssistantMessage => ({ role: "assistant", content, ...extra });

/** The answer to the tool call `id`; anything but a string is sent as JSON. */
export const toolMessage = (id: string, answer: unknown): ToolMessage => ({
  role: "tool",
  tool_call_id: id,
  content: typeof answer === "string" ? answer : (JSON.stringify(answer) ?? "null"),
});

/** Text, for a part that carries a mark: `cache` ends a prefix that the provider may cache. */
export const textPart = (text: string, options: PartOptions = {}): TextPart => ({
  type: "text",
  text,
  ...marks(options),
});

/**
 * A picture: an https or data URL, or bytes. The media type of bytes is read off them (PNG, JPEG, GIF, WebP) where
 * `mediaType` does not say it; else `image/png`.
 *
 * @throws InvalidRequestError `invalid_request` for a text that is no URL
 */
export const imagePart = (
  image: string | URL | Uint8Array,
  options: PartOptions & { detail?: "auto" | "low" | "high" | "original" | (string & {}); mediaType?: string } = {},
): ImagePart => ({
  type: "image_url",
  image_url: {
    url: address("imagePart()", image, options.mediaType, "image/png"),
    ...(options.detail === undefined ? {} : { detail: options.detail }),
  },
  ...marks(options),
});

/**
 * A document: an https or data URL, bytes with their media type (default: read off them, else `application/pdf`), or
 * `{ id }` of a file that was uploaded to OpenRouter.
 *
 * @throws InvalidRequestError `invalid_request` for a text that is no URL
 */
export const filePart = (
  file: string | URL | Uint8Array | { id: string },
  options: PartOptions & { filename?: string; mediaType?: string } = {},
): FilePart => ({
  type: "file",
  file: {
    ...(options.filename === undefined ? {} : { filename: options.filename }),
    ...(typeof file === "object" && "id" in file
      ? { file_id: file.id }
      : { file_data: address("filePart()", file, options.mediaType, "application/pdf") }),
  },
  ...marks(options),
});

/**
 * Sound to listen to: bytes, base64 text or a data URL, and its format (`wav`, `mp3`, …).
 *
 * @throws InvalidRequestError `invalid_request` for any other URL: providers take the sound itself only
 */
export const audioPart = (audio: string | Uint8Array, format: string, options: PartOptions = {}): AudioPart => ({
  type: "input_audio",
  input_audio: { data: typeof audio === "string" ? soundOf(audio) : toBase64(audio), format },
  ...marks(options),
});

/**
 * A video: an https or data URL, or bytes with their media type (default `video/mp4`).
 *
 * @throws InvalidRequestError `invalid_request` for a text that is no URL
 */
export const videoPart = (
  video: string | URL | Uint8Array,
  options: PartOptions & { mediaType?: string } = {},
): VideoPart => ({
  type: "video_url",
  video_url: { url: address("videoPart()", video, options.mediaType, "video/mp4") },
  ...marks(options),
});

function marks({ cache }: PartOptions): { cache_control?: CacheControl } {
  return cache === undefined ? {} : { cache_control: cache };
}

function address(
  what: string,
  source: string | URL | Uint8Array,
  mediaType: string | undefined,
  otherwise: string,
): string {
  if (source instanceof Uint8Array) return toDataUrl(source, mediaType ?? mediaTypeOf(source) ?? otherwise);
  const url = String(source);
  // One letter and a colon is a drive.
  if (/^(?!file:)[a-z][a-z0-9+.-]+:/i.test(url)) return url;
  throw createError("invalid_request", `${what} takes a URL, a data URL or bytes`, {
    hint: "a path is no URL: read the file and give its bytes; base64 text becomes data:<media type>;base64,<text>",
  });
}

function soundOf(audio: string): string {
  if (!isAudioAddress(audio)) return audio;
  const [, data] = /^data:[^,]*;base64,(.*)$/is.exec(audio) ?? [];
  if (data !== undefined) return data;
  throw createError("invalid_request", "audioPart() takes bytes or base64 text, no URL", {
    hint: "providers take the sound itself only: read the file and give its bytes",
  });
}
