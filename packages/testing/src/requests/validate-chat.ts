import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { ApiError } from "../wire/api-error.js";

interface Range {
  min: number;
  max: number;
  integer?: boolean;
}

const ranges: Readonly<Record<string, Range>> = {
  temperature: { min: 0, max: 2 },
  top_p: { min: 0, max: 1 },
  top_k: { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true },
  min_p: { min: 0, max: 1 },
  top_a: { min: 0, max: 1 },
  frequency_penalty: { min: -2, max: 2 },
  presence_penalty: { min: -2, max: 2 },
  repetition_penalty: { min: 0, max: 2 },
  top_logprobs: { min: 0, max: 20, integer: true },
  max_tokens: { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true },
  max_completion_tokens: { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true },
};

const roles = new Set(["system", "developer", "user", "assistant", "tool"]);

/** The body of a chat request, or the 400 that tells what is wrong with it. */
export function validateChat(body: JsonValue): JsonObject {
  if (!isJsonObject(body)) throw invalid("Invalid JSON in request body");
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    throw invalid('Input required: specify "prompt" or "messages"');
  }
  for (const [at, message] of body.messages.entries()) {
    if (!isJsonObject(message) || !roles.has(String(message.role)))
      throw invalid(
        `messages.${at}.role: Invalid option: expected one of "system"|"developer"|"user"|"assistant"|"tool"`,
      );
    if (message.role === "tool" && typeof message.tool_call_id !== "string")
      throw invalid(`messages.${at}.tool_call_id: Invalid input: expected string`);
  }
  for (const [name, { min, max, integer }] of Object.entries(ranges)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "number" || (integer && !Number.isInteger(value)))
      throw invalid(`${name}: Invalid input: expected ${integer ? "integer" : "number"}`);
    if (value < min) throw invalid(`${name}: Too small: expected number to be >=${min}`);
    if (value > max) throw invalid(`${name}: Too big: expected number to be <=${max}`);
  }
  return body;
}

function invalid(message: string): ApiError {
  return new ApiError(400, message);
}
