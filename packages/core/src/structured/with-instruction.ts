import type { GenerateRequest } from "../generate/generate-request.js";
import type { ContentPart, Message } from "../messages/message.js";

/** The conversation of a request as messages, whichever way it was given. Nothing given is changed. */
export function messagesOf(request: GenerateRequest): Message[] {
  if (request.messages !== undefined) return [...request.messages];
  return request.prompt === undefined ? [] : [{ role: "user", content: request.prompt }];
}

/**
 * Adds words to the end of what the user said last. There, because models without a system role and templates
 * that insist on alternating roles take them, because nothing comes between a call and its answer, and because the
 * cached beginning stays the same.
 */
export function withInstruction(request: GenerateRequest, instruction: string): GenerateRequest {
  if (request.prompt !== undefined && request.messages === undefined) {
    return { ...request, prompt: `${request.prompt}\n\n${instruction}` };
  }
  const messages = messagesOf(request);
  const position = messages.findLastIndex(({ role }) => role === "user");
  const last = messages[position];
  if (last?.role !== "user") return { ...request, messages: [...messages, { role: "user", content: instruction }] };
  const content: string | ContentPart[] =
    typeof last.content === "string"
      ? `${last.content}\n\n${instruction}`
      : [...last.content, { type: "text", text: instruction }];
  return { ...request, messages: messages.with(position, { ...last, content }) };
}
