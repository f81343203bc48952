import type { JsonObject } from "../json.js";
import { type Answer, type AnswerToolCall, textAnswer } from "./answer.js";
import { forcedToolName } from "./function-tools.js";
import { type ReplyOptions, toJsonObject } from "./reply.js";

/** Whether a reply says what the model answers, and not only how (headers, delay). */
export function hasContent(reply: ReplyOptions): boolean {
  return [reply.text, reply.object, reply.toolCalls, reply.reasoning, reply.chunks, reply.finishReason].some(
    (part) => part !== undefined,
  );
}

/** The answer a scripted reply stands for. */
export function answerFromReply(reply: ReplyOptions, body: JsonObject): Answer {
  const forced = reply.object === undefined ? undefined : forcedToolName(body);
  const toolCalls: AnswerToolCall[] = (reply.toolCalls ?? []).map((call) => ({
    name: call.name,
    arguments: argumentsText(call.arguments),
    id: call.id,
  }));
  if (forced !== undefined) toolCalls.push({ name: forced, arguments: argumentsText(reply.object) });
  const asText = reply.object === undefined || forced !== undefined ? "" : JSON.stringify(reply.object);
  const chunks = reply.chunks?.map((chunk) => (typeof chunk === "string" ? chunk : toJsonObject(chunk)));
  return {
    ...textAnswer(
      reply.text ?? (chunks ? chunks.filter((chunk) => typeof chunk === "string").join("") : asText),
      reply.reasoning ?? "",
    ),
    toolCalls,
    annotations: (reply.annotations ?? []).map((annotation) => toJsonObject(annotation as Record<string, unknown>)),
    finishReason:
      reply.finishReason === undefined ? (toolCalls.length > 0 ? "tool_calls" : "stop") : reply.finishReason,
    nativeFinishReason: reply.nativeFinishReason,
    usage: reply.usage && toJsonObject(reply.usage),
    chunks,
  };
}

function argumentsText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? {});
}
