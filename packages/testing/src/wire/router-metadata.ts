import { parseModelName } from "../catalogue/notation.js";
import type { Route } from "../catalogue/route-request.js";
import type { JsonObject } from "../json.js";

const names = ["x-openrouter-metadata", "x-openrouter-experimental-metadata"];

/** `openrouter_metadata`: which way a request went; undefined where its headers do not ask for it. */
export function routerMetadata(
  headers: Readonly<Record<string, string>>,
  body: JsonObject,
  route: Route,
): JsonObject | undefined {
  if (!names.some((name) => headers[name] === "enabled")) return undefined;
  const { model, endpoint } = route;
  const requested = typeof body.model === "string" ? body.model : model.id;
  return {
    requested,
    strategy: strategyOf(requested, route),
    region: null,
    summary: `available=${model.endpoints.length}, selected=${endpoint.providerName}`,
    attempt: 1,
    is_byok: false,
    endpoints: {
      total: model.endpoints.length,
      available: model.endpoints.map((offer) => ({
        provider: offer.providerName,
        model: model.id,
        selected: offer === endpoint,
      })),
    },
  };
}

function strategyOf(requested: string, { model, name }: Route): string {
  // The suffixes of 2024 are understood by both notations of this: only the name before them counts here.
  const asked = parseModelName(requested, "2024")?.listed ?? requested;
  if (asked !== name.listed) return "fallback";
  if (asked === model.id) return "direct";
  if (asked.startsWith("~")) return "latest";
  return asked.startsWith("openrouter/auto") ? "auto" : "alias";
}
