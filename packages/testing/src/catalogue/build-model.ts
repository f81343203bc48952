import type { ModelSpec, SimulatedModel } from "./model.js";
import { providerName } from "./provider-names.js";

const samplingParameters = [
  "max_tokens",
  "temperature",
  "top_p",
  "stop",
  "seed",
  "frequency_penalty",
  "presence_penalty",
];
const defaultParameters = [...samplingParameters, "tools", "tool_choice", "response_format", "structured_outputs"];

/** Fills a model's gaps and writes its catalogue entry. */
export function buildModel(spec: ModelSpec): SimulatedModel {
  const kind = spec.kind ?? "chat";
  const [author = "", slug = ""] = spec.id.split("/");
  const canonicalSlug = spec.canonicalSlug ?? spec.id;
  const contextLength = spec.contextLength ?? 128_000;
  const maxCompletionTokens = spec.maxCompletionTokens === undefined ? 16_384 : spec.maxCompletionTokens;
  const pricing = { ...(spec.pricing ?? { prompt: "0", completion: "0" }) };
  const supportedParameters = [...(spec.supportedParameters ?? (kind === "chat" ? defaultParameters : []))];
  const input = [...(spec.inputModalities ?? ["text"])];
  const output = [kind === "chat" ? "text" : kind];
  const reasoning = spec.reasoning && {
    defaultEnabled: spec.reasoning.defaultEnabled ?? true,
    mandatory: spec.reasoning.mandatory ?? false,
    format: spec.reasoning.format ?? "unknown",
  };
  if (reasoning) supportedParameters.push("reasoning", "include_reasoning");
  const providers = spec.providers ?? [author];
  return {
    id: spec.id,
    kind,
    canonicalSlug,
    contextLength,
    maxCompletionTokens,
    aliases: spec.aliases ?? [],
    reasoning,
    dimensions: spec.dimensions ?? 1536,
    searchUnitPrice: spec.searchUnitPrice,
    endpoints: providers.map((providerSlug) => ({
      providerSlug,
      providerName: providerName(providerSlug),
      pricing,
      supportedParameters,
    })),
    entry: {
      id: spec.id,
      canonical_slug: canonicalSlug,
      hugging_face_id: null,
      name: spec.name ?? `${providerName(author)}: ${providerName(slug.replace(/:.*$/, ""))}`,
      created: spec.created ?? 1_735_689_600,
      description: `Simulated ${kind} model.`,
      context_length: contextLength,
      architecture: {
        modality: `${input.join("+")}->${output.join("+")}`,
        input_modalities: input,
        output_modalities: output,
        tokenizer: "Other",
        instruct_type: null,
      },
      pricing,
      top_provider: { context_length: contextLength, max_completion_tokens: maxCompletionTokens, is_moderated: false },
      per_request_limits: null,
      supported_parameters: supportedParameters,
      default_parameters: null,
      supported_voices: null,
      links: { details: `/api/v1/models/${canonicalSlug}/endpoints` },
      ...(reasoning && {
        reasoning: {
          supported_efforts: ["high", "medium", "low", ...(reasoning.mandatory ? [] : ["none"])],
          default_effort: reasoning.defaultEnabled ? "medium" : "none",
          default_enabled: reasoning.defaultEnabled,
          mandatory: reasoning.mandatory,
          supports_max_tokens: true,
        },
      }),
    },
  };
}
