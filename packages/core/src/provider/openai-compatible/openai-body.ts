import type { ChatBody } from "../../messages/chat-body.js";
import { refuseLostPromises } from "./lost-promises.js";

/** Fields of OpenRouter's that change nothing in the answer itself elsewhere: left out. */
const HARMLESS = [
  "models",
  "route",
  "transforms",
  "preset",
  "session_id",
  "cache_control",
  "usage",
  "trace",
  "debug",
  "speed",
  "image_config",
  "max_tool_calls",
  "stop_server_tools_when",
] as const;
/** Sampling that OpenAI does not have and refuses; servers behind `custom` mostly know it. */
const UNKNOWN_TO_OPENAI = ["top_k", "top_a", "min_p", "repetition_penalty"] as const;

/**
 * The body as a service takes it that speaks OpenAI's chat completions.
 *
 * Left out: OpenRouter's routing preferences and its fields without effect elsewhere; for `openai` also sampling that
 * it refuses. Rewritten: `reasoning.effort` to `reasoning_effort`; for `openai` also `max_tokens` to
 * `max_completion_tokens`. Streams ask for usage.
 *
 * @throws InvalidRequestError `invalid_request` for what must not get lost silently: data-policy and price limits in
 * `provider`, plugins that change the answer
 */
export function openAIBody(body: ChatBody, name: "openai" | "custom"): ChatBody {
  const shaped: ChatBody = { ...body };
  refuseLostPromises(body, name);
  delete shaped.provider;
  delete shaped.plugins;
  for (const field of HARMLESS) delete shaped[field];
  if (body.stream === true && body.stream_options === undefined) shaped.stream_options = { include_usage: true };
  const effort = effortOf(body.reasoning);
  if (effort !== undefined && body.reasoning_effort === undefined) shaped.reasoning_effort = effort;
  delete shaped.reasoning;
  if (name === "custom") return shaped;
  for (const field of UNKNOWN_TO_OPENAI) delete shaped[field];
  if (body.max_tokens !== undefined && body.max_completion_tokens === undefined)
    shaped.max_completion_tokens = body.max_tokens;
  delete shaped.max_tokens;
  return shaped;
}

function effortOf(reasoning: unknown): unknown {
  return typeof reasoning === "object" && reasoning !== null ? (reasoning as { effort?: unknown }).effort : undefined;
}
