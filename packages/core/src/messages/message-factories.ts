import type {
  AssistantMessage,
  AudioPart,
  ContentPart,
  FilePart,
  ImagePart,
  SystemMessage,
  ToolMessage,
  UserMessage,
  VideoPart,
} from "./message.js";

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

/** A picture: an https or data URL, or bytes with their media type (default `image/png`). */
export const imagePart = (
  image: string | Uint8Array,
  options: { detail?: string; mediaType?: string } = {},
): ImagePart => ({
  type: "image_url",
  image_url: {
    url: typeof image === "string" ? image : dataUrl(image, options.mediaType ?? "image/png"),
    ...(options.detail === undefined ? {} : { detail: options.detail }),
  },
});

/** A document: a URL, a data URL, or bytes with their media type (default `application/pdf`). */
export const filePart = (
  file: string | Uint8Array,
  options: { filename?: string; mediaType?: string } = {},
): FilePart => ({
  type: "file",
  file: {
    ...(options.filename === undefined ? {} : { filename: options.filename }),
    file_data: typeof file === "string" ? file : dataUrl(file, options.mediaType ?? "application/pdf"),
  },
});

/** Sound to listen to: base64 text or bytes, and its format (`wav`, `mp3`, …). */
export const audioPart = (audio: string | Uint8Array, format: string): AudioPart => ({
  type: "input_audio",
  input_audio: { data: typeof audio === "string" ? audio : base64(audio), format },
});

/** A video: an https or data URL. */
export const videoPart = (url: string): VideoPart => ({ type: "video_url", video_url: { url } });

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
const dataUrl = (bytes: Uint8Array, mediaType: string) => `data:${mediaType};base64,${base64(bytes)}`;
