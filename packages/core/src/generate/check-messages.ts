import { createError } from "../errors/error-classes.js";
import { isAudioAddress } from "../messages/base64-data.js";

/**
 * Refuses a conversation that no provider takes: none at all, something in it that is no message, sound by its address.
 * Everything else is upstream's to judge.
 *
 * @throws InvalidRequestError `invalid_request` that names the position
 */
export function checkMessages(messages: readonly unknown[]): void {
  if (messages.length === 0) throw createError("invalid_request", "`messages` is a list of at least one message");
  for (const [position, message] of messages.entries()) {
    const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown };
    if (typeof role !== "string")
      throw createError("invalid_request", `\`messages[${position}]\` is no message: it has no \`role\``);
    if (Array.isArray(content) && content.some(holdsAudioAddress)) {
      throw createError("invalid_request", `\`messages[${position}]\` has sound by its address`, {
        hint: "input_audio takes base64 text: read the file and give audioPart() its bytes",
      });
    }
  }
}

function holdsAudioAddress(part: { type?: unknown; input_audio?: { data?: unknown } | null } | null): boolean {
  return part?.type === "input_audio" && isAudioAddress(part.input_audio?.data);
}
