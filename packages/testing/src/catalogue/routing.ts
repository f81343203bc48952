import { isJsonObject, type JsonObject } from "../json.js";
import { asStrings } from "../schema/json-schema.js";
import { ApiError, noEndpoints, noEndpointsThat } from "../wire/api-error.js";
import { money } from "../wire/exact-money.js";
import type { ModelEndpoint, SimulatedModel } from "./model.js";
import type { ModelName } from "./notation.js";
import { requestedParameters } from "./requested-parameters.js";

/** Picks the endpoint that serves a request, as the request's `provider` preferences demand. */
export function chooseEndpoint(model: SimulatedModel, name: ModelName, body: JsonObject): ModelEndpoint {
  const preferences = isJsonObject(body.provider) ? body.provider : {};
  let endpoints = allowed(model, preferences);
  endpoints = capable(endpoints, body, preferences);
  endpoints = affordable(endpoints, preferences, model);
  const order = asStrings(preferences.order);
  const ordered = order.flatMap((slug) => endpoints.filter((endpoint) => matches(endpoint, slug)));
  if (order.length > 0 && preferences.allow_fallbacks === false && ordered.length === 0)
    throw noAllowedProvider(model, order);
  const preferred = name.prefers ? endpoints.filter((endpoint) => endpoint.providerSlug === name.prefers) : [];
  const chosen = ordered[0] ?? preferred[0] ?? endpoints[0];
  if (!chosen) throw noEndpoints(model.id);
  return chosen;
}

function allowed(model: SimulatedModel, preferences: JsonObject): ModelEndpoint[] {
  const only = asStrings(preferences.only);
  const ignored = asStrings(preferences.ignore);
  const open = model.endpoints.filter(
    (endpoint) =>
      (only.length === 0 || only.some((slug) => matches(endpoint, slug))) &&
      !ignored.some((slug) => matches(endpoint, slug)),
  );
  if (open.length === 0) throw noAllowedProvider(model, only);
  return open;
}

function capable(endpoints: readonly ModelEndpoint[], body: JsonObject, preferences: JsonObject): ModelEndpoint[] {
  const supports = (parameter: string) => (endpoint: ModelEndpoint) => endpoint.supportedParameters.includes(parameter);
  const usesTools =
    Array.isArray(body.tools) && body.tools.some((tool) => isJsonObject(tool) && tool.type === "function");
  let open = usesTools ? endpoints.filter(supports("tools")) : [...endpoints];
  if (open.length === 0) throw noEndpointsThat("support tool use");
  if (preferences.require_parameters !== true) return open;
  for (const parameter of requestedParameters(body)) open = open.filter(supports(parameter));
  if (open.length === 0) throw noEndpointsThat("can handle the requested parameters");
  return open;
}

function affordable(
  endpoints: readonly ModelEndpoint[],
  preferences: JsonObject,
  model: SimulatedModel,
): ModelEndpoint[] {
  if (!isJsonObject(preferences.max_price)) return [...endpoints];
  const limits = Object.entries(preferences.max_price).filter(
    ([, limit]) => typeof limit === "number" || typeof limit === "string",
  );
  const open = endpoints.filter((endpoint) =>
    limits.every(
      ([what, perMillion]) => 1_000_000n * money(endpoint.pricing[what] ?? "0") <= money(perMillion as string | number),
    ),
  );
  if (open.length === 0) throw new ApiError(404, `No endpoints found for ${model.id} within the requested max_price.`);
  return open;
}

/** A base slug stands for all its regions: `google-vertex/us-east5` is served by `google-vertex`. */
function matches(endpoint: ModelEndpoint, slug: string): boolean {
  const asked = slug.toLowerCase();
  return asked.split("/")[0] === endpoint.providerSlug || asked === endpoint.providerName.toLowerCase();
}

function noAllowedProvider(model: SimulatedModel, requested: readonly string[]): ApiError {
  return new ApiError(404, "No allowed providers are available for the selected model.", {
    metadata: {
      available_providers: model.endpoints.map((endpoint) => endpoint.providerSlug),
      requested_providers: [...requested],
    },
    anonymous: true,
  });
}
