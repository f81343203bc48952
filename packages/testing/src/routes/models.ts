import type { SimulatedModel } from "../catalogue/model.js";
import { providerName, providerSlugs } from "../catalogue/provider-names.js";
import { find } from "../catalogue/route-request.js";
import type { JsonObject } from "../json.js";
import type { Simulation } from "../simulation.js";
import { ApiError } from "../wire/api-error.js";

type Query = Readonly<Record<string, string>>;

/** GET /models: text models unless `output_modalities` asks for others. */
export function listModels({ catalogue }: Simulation, query: Query): JsonObject {
  const outputs = (query.output_modalities ?? "text").split(",");
  const parameters = query.supported_parameters?.split(",") ?? [];
  const words = query.q?.toLowerCase();
  const { offset: from, limit: size, ...filters } = query;
  const models = catalogue.models
    .filter(({ kind }) => outputs.includes("all") || outputs.includes(kind === "chat" ? "text" : kind))
    .filter((model) =>
      parameters.every((name) => model.endpoints.some((endpoint) => endpoint.supportedParameters.includes(name))),
    )
    .filter((model) => !words || model.id.includes(words) || String(model.entry.name).toLowerCase().includes(words));
  const offset = Number(from ?? 0);
  const limit = size === undefined ? models.length : Number(size);
  const more = offset + limit < models.length;
  const next = new URLSearchParams({ ...filters, offset: String(offset + limit), limit: String(limit) });
  return {
    data: models.slice(offset, offset + limit).map((model) => model.entry),
    links: { next: more ? `/api/v1/models?${next}` : null },
    total_count: models.length,
  };
}

/** GET /model/:author/:slug. */
export function oneModel(simulation: Simulation, id: string): JsonObject {
  return { data: known(simulation, id).entry };
}

/** GET /models/:author/:slug/endpoints. */
export function modelEndpoints(simulation: Simulation, id: string): JsonObject {
  const model = known(simulation, id);
  const { name, created, description, architecture } = model.entry;
  const endpoints = model.endpoints.map((endpoint) => ({
    name: `${endpoint.providerName} | ${model.canonicalSlug}`,
    model_id: model.id,
    model_name: name,
    provider_name: endpoint.providerName,
    tag: endpoint.providerSlug,
    quantization: "unknown",
    context_length: model.contextLength,
    max_completion_tokens: model.maxCompletionTokens,
    max_prompt_tokens: null,
    pricing: endpoint.pricing,
    supported_parameters: [...endpoint.supportedParameters],
    status: 0,
    uptime_last_5m: 100,
    uptime_last_30m: 100,
    uptime_last_1d: 100,
    latency_last_30m: null,
    throughput_last_30m: null,
    supports_implicit_caching: false,
    supports_tool_choice: toolChoice(endpoint.supportedParameters.includes("tool_choice")),
  }));
  return { data: { id: model.id, name, created, description, architecture, endpoints } };
}

function toolChoice(supported: boolean): JsonObject {
  return { auto: supported, none: supported, required: supported, function: supported };
}

/** GET /providers. */
export function listProviders({ catalogue }: Simulation): JsonObject {
  const slugs = new Set([
    ...providerSlugs,
    ...catalogue.models.flatMap((model) => model.endpoints.map((endpoint) => endpoint.providerSlug)),
  ]);
  const data = [...slugs].sort().map((slug) => ({
    name: providerName(slug),
    slug,
    privacy_policy_url: `https://${slug}.example.com/privacy`,
    terms_of_service_url: `https://${slug}.example.com/terms`,
    status_page_url: null,
  }));
  return { data };
}

function known({ catalogue, notation }: Simulation, id: string): SimulatedModel {
  let model: SimulatedModel | undefined;
  try {
    model = find(id, catalogue, notation).model;
  } catch {
    model = undefined;
  }
  if (!model) throw new ApiError(404, `Model ${id} not found`, { anonymous: true });
  return model;
}
