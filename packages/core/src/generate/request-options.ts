import { isTool } from "../tools/is-tool.js";
import type { GenerateRequest } from "./generate-request.js";
import { metadataLimits } from "./metadata-limits.js";
import { kept, type OptionTable, sent, untouched } from "./option-table.js";
import {
  abortSignal,
  allow,
  anyText,
  callable,
  callables,
  either,
  flag,
  list,
  number,
  object,
  objects,
  oneOf,
  pairs,
  recordOf,
  text,
  texts,
  whole,
} from "./value-checks.js";

/** A line break is a stop too: these are not trimmed. */
function areStops(value: unknown): boolean {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.length > 0 && all.length <= 4 && all.every((stop) => typeof stop === "string" && stop !== "");
}

/** What somebody forgot to give to `tool()` would go out without its function. */
function areTools(value: unknown): boolean {
  const isKnown = (tool: object) => isTool(tool) || typeof (tool as { type?: unknown }).type === "string";
  return Array.isArray(value) && value.every((tool) => typeof tool === "object" && tool !== null && isKnown(tool));
}

/** Every option of a call, in the order in which bodies are written. Ranges are those that OpenRouter documents. */
export const REQUEST_OPTIONS: OptionTable<GenerateRequest> = {
  prompt: kept(anyText),
  messages: kept(list),
  system: kept(anyText),
  model: sent("model", anyText),
  fallbackModels: sent("models", texts()),
  temperature: sent("temperature", number(0, 2)),
  maxTokens: sent("max_tokens", whole(1)),
  maxCompletionTokens: sent("max_completion_tokens", whole(1)),
  topP: sent("top_p", number(0, 1)),
  topK: sent("top_k", whole(0)),
  minP: sent("min_p", number(0, 1)),
  topA: sent("top_a", number(0, 1)),
  seed: sent("seed", allow(Number.isSafeInteger, "a whole number")),
  stop: sent("stop", allow(areStops, "a text, or a list of 1 to 4 texts, none of them empty")),
  frequencyPenalty: sent("frequency_penalty", number(-2, 2)),
  presencePenalty: sent("presence_penalty", number(-2, 2)),
  repetitionPenalty: sent("repetition_penalty", number(0, 2)),
  logitBias: sent("logit_bias", recordOf(number(-100, 100))),
  logprobs: sent("logprobs", flag),
  topLogprobs: sent("top_logprobs", whole(0, 20)),
  reasoning: sent("reasoning", object),
  tools: untouched("tools", allow(areTools, "a list of what tool() made and of objects with a `type`")),
  toolChoice: untouched(
    "tool_choice",
    either('"auto", "none", "required" or an object', object, oneOf("auto", "none", "required")),
  ),
  parallelToolCalls: sent("parallel_tool_calls", flag),
  maxToolCalls: sent("max_tool_calls", whole(1, 30)),
  stopServerToolsWhen: untouched("stop_server_tools_when", objects(1)),
  routing: sent("provider", object),
  plugins: untouched("plugins", objects()),
  modalities: sent("modalities", texts()),
  audio: sent("audio", recordOf(text())),
  imageConfig: sent("image_config", object),
  webSearchOptions: sent("web_search_options", object),
  prediction: untouched("prediction", object),
  cache: untouched("cache_control", either('"auto" or an object', object, oneOf("auto"))),
  promptCacheKey: sent("prompt_cache_key", text()),
  promptCacheOptions: sent("prompt_cache_options", object),
  user: sent("user", text()),
  sessionId: sent("session_id", text(256)),
  metadata: untouched("metadata", metadataLimits),
  trace: untouched("trace", object),
  serviceTier: sent("service_tier", text()),
  speed: sent("speed", text()),
  verbosity: sent("verbosity", text()),
  preset: sent("preset", text()),
  debug: sent("debug", object),
  maxSteps: kept(whole(1)),
  stopWhen: kept(either("a function, or a list of functions", callables, callable)),
  onMaxSteps: kept(oneOf("throw", "return", "answer")),
  onToolError: kept(oneOf("report", "throw")),
  repairToolCall: kept(callable),
  approvals: kept(object),
  openRouterCache: kept(either("true, false or an object", object, flag)),
  responseCache: kept(either("true, false or an object", object, flag)),
  routerMetadata: kept(flag),
  anthropicBeta: kept(either("a text that is not empty, or a list of such texts", texts(), text())),
  extraBody: kept(object),
  headers: kept(pairs),
  signal: kept(abortSignal),
  timeouts: kept(object),
  retry: kept(allow((value) => value === false || (typeof value === "object" && value !== null), "false or an object")),
};
