import type { ContentPart } from "../messages/message.js";

/** A tool's result that is no text and no JSON: parts such as pictures, sent as they are. Made by `toolContent()`. */
export interface ToolContent {
  readonly kind: "signalbox.tool-content";
  readonly parts: ContentPart[];
}

/**
 * A result made of content parts, for a tool that shows the model a picture or a file. Return it from `execute`.
 *
 * Shape: the parts stand in the tool message in wire shape; `result` of a `tool-result` event is this object. Whether
 * the model can read them is the model's affair: `inputModalities` of the catalogue tells.
 */
export function toolContent(parts: readonly ContentPart[]): ToolContent {
  return { kind: "signalbox.tool-content", parts: [...parts] };
}

/** True for what `toolContent()` made, also by another install of this package. */
export function isToolContent(value: unknown): value is ToolContent {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { kind?: unknown }).kind === "signalbox.tool-content" &&
    Array.isArray((value as { parts?: unknown }).parts)
  );
}
