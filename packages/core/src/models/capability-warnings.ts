import type { ModelInfo } from "./model-types.js";

/** A wire body before it is sent, as far as it asks for abilities. */
export interface AskedAbilities {
  messages?: unknown;
  tools?: unknown;
  reasoning?: unknown;
  modalities?: unknown;
  provider?: unknown;
  [field: string]: unknown;
}

interface CapabilityWarning {
  code: string;
  message: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_DAYS = 14;

/** Kinds of parts and what a model must be able to read for them. Documents are read by a plugin for any model. */
const MODALITY_OF: Readonly<Record<string, string>> = {
  image_url: "image",
  input_audio: "audio",
  video_url: "video",
  input_video: "video",
};

/** Request fields that a catalogue judges, and the abilities of which one is enough. */
const JUDGED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ["temperature", "top_p", "top_k", "min_p", "top_a", "seed", "stop", "logit_bias", "logprobs", "top_logprobs"]
      .concat("frequency_penalty", "presence_penalty", "repetition_penalty", "prediction", "verbosity")
      .concat("web_search_options", "tools", "tool_choice", "parallel_tool_calls")
      .map((name) => [name, [name]]),
  ),
  max_tokens: ["max_tokens", "max_completion_tokens"],
  max_completion_tokens: ["max_tokens", "max_completion_tokens"],
  reasoning: ["reasoning", "include_reasoning", "reasoning_effort"],
  reasoning_effort: ["reasoning", "reasoning_effort"],
};
/** What rows of the bundled snapshot tell; about everything else they say nothing. */
const BUNDLED: ReadonlySet<string> = new Set([
  ...["tools", "tool_choice", "reasoning", "reasoning_effort", "response_format", "temperature"],
]);
/** Follows from `tools`, or makes no difference where it is dropped. */
const QUIET: ReadonlySet<string> = new Set(["tool_choice", "parallel_tool_calls"]);

/**
 * What a call asks for that the model of a catalogue row cannot do, before it is sent. These are warnings, never
 * errors: the row may be older than the model.
 *
 * - `unsupported_input`: parts the model does not read; OpenRouter answers 404.
 * - `unsupported_output`: `modalities` it does not make; OpenRouter answers 404.
 * - `unsupported_parameter`: tools for a model without tools, or any field under `require_parameters`: OpenRouter
 *   answers 404. Every other field that the model does not know is dropped without a word.
 * - `model_expiring`: its last day is near, or over.
 */
export function capabilityWarnings(body: AskedAbilities, row: ModelInfo | undefined, now: number): CapabilityWarning[] {
  if (row === undefined) return [];
  const warnings: CapabilityWarning[] = [];
  const warn = (code: string, what: string) => void warnings.push({ code, message: `${row.id} ${what}` });

  for (const modality of askedInputs(body.messages)) {
    if (row.inputModalities.length > 0 && !row.inputModalities.includes(modality))
      warn("unsupported_input", `is not known to read ${modality}; OpenRouter is likely to answer 404`);
  }
  for (const modality of Array.isArray(body.modalities) ? body.modalities : []) {
    if (typeof modality === "string" && row.outputModalities.length > 0 && !row.outputModalities.includes(modality))
      warn("unsupported_output", `is not known to make ${modality}; OpenRouter is likely to answer 404`);
  }
  const strict = (body.provider as { require_parameters?: unknown } | undefined)?.require_parameters === true;
  for (const field of missingParameters(body, row)) {
    if (strict || field === "tools")
      warn("unsupported_parameter", `is not known to support ${field}; OpenRouter is likely to answer 404`);
    else if (!QUIET.has(field)) warn("unsupported_parameter", `is not known to support ${field}; it is ignored`);
  }
  const last = row.expirationDate;
  if (last !== undefined && Date.parse(`${last}T00:00:00Z`) - now < SOON_DAYS * DAY_MS)
    warn("model_expiring", `is served until ${last} only`);
  return warnings;
}

function missingParameters(body: AskedAbilities, row: ModelInfo): string[] {
  const known = row.supportedParameters;
  // A row without any list of parameters says nothing.
  if (known.length === 0) return [];
  return Object.keys(body).filter((field) => {
    if (body[field] === undefined || (row.raw === undefined && !BUNDLED.has(field))) return false;
    if (field === "tools" && (!Array.isArray(body.tools) || !body.tools.some(isFunction))) return false;
    if (field === "reasoning" && isThinkingOff(body.reasoning)) return false;
    const enough = field === "response_format" ? formatAbility(body.response_format) : own(field);
    return enough !== undefined && !enough.some((name) => known.includes(name));
  });
}

const own = (field: string) => (Object.hasOwn(JUDGED, field) ? JUDGED[field] : undefined);

function formatAbility(format: unknown): readonly string[] | undefined {
  const type = (format as { type?: unknown } | null)?.type;
  return type === "json_schema" ? ["structured_outputs"] : type === "json_object" ? ["response_format"] : undefined;
}

/** Server tools are OpenRouter's own work. */
const isFunction = (tool: unknown) => (tool as { type?: unknown } | null)?.type === "function";

function isThinkingOff(reasoning: unknown): boolean {
  const { effort, enabled } = (reasoning ?? {}) as { effort?: unknown; enabled?: unknown };
  return effort === "none" || enabled === false;
}

function askedInputs(messages: unknown): Set<string> {
  const asked = new Set<string>();
  for (const message of Array.isArray(messages) ? messages : []) {
    const content = (message as { content?: unknown } | null)?.content;
    if (!Array.isArray(content)) continue;
    for (const part of content) {
      const type = (part as { type?: unknown } | null)?.type;
      if (typeof type === "string" && Object.hasOwn(MODALITY_OF, type)) asked.add(MODALITY_OF[type] as string);
    }
  }
  return asked;
}
