import { isJsonObject, type JsonObject } from "../json.js";

const judged = [
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "top_a",
  "seed",
  "stop",
  "frequency_penalty",
  "presence_penalty",
  "repetition_penalty",
  "logit_bias",
  "logprobs",
  "top_logprobs",
  "tool_choice",
  "reasoning",
  "verbosity",
];

/** The names, as models list them in `supported_parameters`, of what a request asks for. */
export function requestedParameters(body: JsonObject): string[] {
  const names = judged.filter((name) => body[name] !== undefined && body[name] !== null);
  if (body.max_tokens !== undefined || body.max_completion_tokens !== undefined) names.push("max_tokens");
  if (Array.isArray(body.tools) && body.tools.length > 0) names.push("tools");
  const format = isJsonObject(body.response_format) ? body.response_format.type : undefined;
  if (format === "json_schema") names.push("structured_outputs");
  if (format === "json_object") names.push("response_format");
  return names;
}
