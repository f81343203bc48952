import type { ContentPart } from "../messages/message.js";
import { toolContent } from "../tools/tool-content.js";

type Block = Record<string, unknown>;

/**
 * What a server answered, as a tool's result: the structured content where there is some, else the text; with
 * pictures, sound or files beside it, content parts of everything.
 *
 * @throws Error with the server's words where the server says that the call failed
 */
export function readCallResult(result: object): unknown {
  const { content, structuredContent, isError, toolResult } = result as Record<string, unknown>;
  // The protocol of 2024 answered with one value of any kind.
  if (content === undefined && toolResult !== undefined) return toolResult;
  const blocks = (Array.isArray(content) ? content : []).filter(isBlock);
  const parts = blocks.map(partOf);
  const text = parts.flatMap((part) => (isText(part) ? [part.text] : [])).join("\n");
  if (isError === true) throw new Error(text === "" ? "the tool failed and did not say why" : text);
  const told = structuredContent ?? text;
  const media = parts.filter((part) => !isText(part));
  if (media.length === 0) return told;
  // Structured content comes with a copy of itself as text.
  if (structuredContent === undefined) return toolContent(parts);
  return toolContent([{ type: "text", text: JSON.stringify(structuredContent) }, ...media]);
}

function partOf(block: Block): ContentPart {
  switch (block.type) {
    case "text":
      return asText(String(block.text ?? ""));
    case "image":
      return { type: "image_url", image_url: { url: dataUrl(block.mimeType, block.data) } };
    case "audio":
      return { type: "input_audio", input_audio: { data: String(block.data), format: audioFormat(block.mimeType) } };
    case "resource":
      return resourcePart(isBlock(block.resource) ? block.resource : {});
    case "resource_link":
      return asText([block.title ?? block.name, block.description, block.uri].filter(Boolean).join(": "));
    default:
      return asText(JSON.stringify(block));
  }
}

function resourcePart({ uri, mimeType, text, blob }: Block): ContentPart {
  if (typeof blob !== "string") return asText(String(text ?? uri ?? ""));
  const url = dataUrl(mimeType, blob);
  if (String(mimeType).startsWith("image/")) return { type: "image_url", image_url: { url } };
  const filename =
    String(uri ?? "")
      .split("/")
      .at(-1) || "resource";
  return { type: "file", file: { filename, file_data: url } };
}

function dataUrl(mimeType: unknown, data: unknown): string {
  return `data:${typeof mimeType === "string" ? mimeType : "application/octet-stream"};base64,${String(data)}`;
}

/** `audio/mpeg` is `mp3` where models are asked; the others go by their own name. */
function audioFormat(mimeType: unknown): string {
  const subtype = String(mimeType).split("/").at(-1)?.replace(/^x-/, "") ?? "";
  return subtype === "mpeg" ? "mp3" : subtype;
}

function asText(text: string) {
  return { type: "text" as const, text };
}

function isText(part: ContentPart): part is { type: "text"; text: string } {
  return part.type === "text";
}

function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null;
}
