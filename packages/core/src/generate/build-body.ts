import type { ChatBody } from "../messages/chat-body.js";
import type { Message } from "../messages/message.js";
import type { ModelInfo, ResolvedModel } from "../models/model-types.js";
import type { GenerateRequest, ReasoningOptions } from "./generate-request.js";
import { wireRouting } from "./wire-routing.js";
import { wireToolChoice } from "./wire-tools.js";

export interface BodyParts {
  request: GenerateRequest;
  model: ResolvedModel;
  fallbacks: readonly string[];
  /** The model's catalogue row, where there is one. */
  info: ModelInfo | undefined;
  defaults: {
    temperature: number | undefined;
    maxTokens: number | undefined;
    routing: GenerateRequest["routing"];
    user: string | undefined;
    metadata: Readonly<Record<string, string>> | undefined;
    disableThinking: boolean | undefined;
  };
  tools: unknown[] | undefined;
}

/**
 * Writes a request as OpenRouter takes it, without its messages. Keys come in a fixed order and nothing absent is
 * written, so that equal requests give equal bytes. `extraBody` wins over the typed options, never over
 * `messages` and `stream`; ids in it are resolved like all others.
 */
export function buildBody(parts: BodyParts): Omit<ChatBody, "messages"> {
  const { request, model, defaults } = parts;
  const body: Record<string, unknown> = {
    model: model.sent,
    models: parts.fallbacks.length > 0 ? parts.fallbacks : undefined,
    temperature: request.temperature ?? defaults.temperature,
    max_tokens: request.maxTokens ?? defaults.maxTokens,
    top_p: request.topP,
    top_k: request.topK,
    min_p: request.minP,
    top_a: request.topA,
    seed: request.seed,
    stop: request.stop,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    repetition_penalty: request.repetitionPenalty,
    logit_bias: request.logitBias,
    logprobs: request.logprobs,
    top_logprobs: request.topLogprobs,
    reasoning: wireReasoning(request.reasoning) ?? thinkingDefault(defaults.disableThinking, parts.info),
    tools: parts.tools,
    tool_choice: wireToolChoice(request.toolChoice),
    parallel_tool_calls: request.parallelToolCalls,
    provider: wireRouting(model.routing, defaults.routing, request.routing),
    plugins: request.plugins,
    modalities: request.modalities,
    audio: request.audio,
    cache_control: cacheControl(request.cache, model.sent),
    user: request.user ?? defaults.user,
    session_id: request.sessionId,
    metadata: mergeMetadata(defaults.metadata, request.metadata),
    service_tier: request.serviceTier,
    verbosity: request.verbosity,
    preset: request.preset,
    ...request.extraBody,
  };
  body.model = model.sent;
  body.models = parts.fallbacks.length > 0 ? parts.fallbacks : undefined;
  delete body.messages;
  delete body.stream;
  for (const key of Object.keys(body)) {
    if (body[key] === undefined) delete body[key];
  }
  return body as Omit<ChatBody, "messages">;
}

/** The conversation as it goes out; nothing given is changed. */
export function buildMessages(request: GenerateRequest): Message[] {
  const asked: readonly Message[] = request.messages ?? [{ role: "user", content: request.prompt ?? "" }];
  return request.system === undefined ? [...asked] : [{ role: "system", content: request.system }, ...asked];
}

function wireReasoning(reasoning: ReasoningOptions | undefined): Record<string, unknown> | undefined {
  if (reasoning === undefined) return undefined;
  const wire: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(reasoning)) {
    if (value !== undefined) wire[name === "maxTokens" ? "max_tokens" : name] = value;
  }
  return wire;
}

/** Three states: off where the model may reason, on where it surely can, nothing where unset. */
function thinkingDefault(
  disable: boolean | undefined,
  info: ModelInfo | undefined,
): Record<string, unknown> | undefined {
  if (disable === undefined) return undefined;
  const reasons = info?.supportedParameters.includes("reasoning") ?? false;
  if (!reasons) return undefined;
  return disable ? { effort: isMandatory(info) ? "minimal" : "none" } : { enabled: true };
}

function isMandatory(info: ModelInfo | undefined): boolean {
  return (info?.raw as { reasoning?: { mandatory?: unknown } } | undefined)?.reasoning?.mandatory === true;
}

/** Anthropic and Google cache only what is marked; the others cache by themselves. */
function cacheControl(cache: GenerateRequest["cache"], model: string): unknown {
  if (cache !== "auto") return cache;
  return /^~?(anthropic|google)\//.test(model) ? { type: "ephemeral" } : undefined;
}

function mergeMetadata(
  defaults: Readonly<Record<string, string>> | undefined,
  own: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  return defaults || own ? { ...defaults, ...own } : undefined;
}
