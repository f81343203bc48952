import type { JsonObject } from "../json.js";
import { asStrings } from "../schema/json-schema.js";
import { ApiError, invalidModel, noEndpoints } from "../wire/api-error.js";
import type { Catalogue } from "./catalogue.js";
import type { ModelEndpoint, ModelKind, SimulatedModel } from "./model.js";
import { type ModelName, type Notation, parseModelName } from "./notation.js";
import { chooseEndpoint } from "./routing.js";

/** Which model and provider answer a request. */
export interface Route {
  model: SimulatedModel;
  endpoint: ModelEndpoint;
  name: ModelName;
}

/** A further condition on a route: throws the `ApiError` that makes the next fallback model have its turn. */
export type RouteCheck = (route: Route) => void;

/**
 * Tries `model`, then each of `models`: the first that exists, has an endpoint left by the routing preferences and
 * passes the check. An id that is no model id at all is refused at once, as OpenRouter does.
 */
export function routeRequest(
  body: JsonObject,
  kind: ModelKind,
  catalogue: Catalogue,
  notation: Notation,
  check: RouteCheck,
): Route {
  const asked = typeof body.model === "string" && body.model !== "" ? [body.model] : [];
  const ids = [...new Set([...asked, ...asStrings(body.models)])];
  if (ids.length === 0) throw new ApiError(400, "No models provided");
  const named = ids.map((id) => ({ id, ...find(id, catalogue, notation) }));
  let refusal: ApiError | undefined;
  for (const { id, name, model } of named) {
    try {
      if (!model || model.kind !== kind) throw noEndpoints(id);
      const route = { model, name, endpoint: chooseEndpoint(model, name, body) };
      check(route);
      return route;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusal = error;
    }
  }
  throw refusal ?? noEndpoints(ids[0] as string);
}

/** The model an id means; a variant that a known model does not have leaves `model` undefined. */
export function find(
  id: string,
  catalogue: Catalogue,
  notation: Notation,
): { name: ModelName; model: SimulatedModel | undefined } {
  const name = parseModelName(id, notation);
  const model = name && catalogue.find(name.listed);
  if (!name || (!model && !catalogue.find(name.base))) throw invalidModel(id);
  return { name, model };
}
