import { createError } from "../errors/error-classes.js";
import { type AskedAbilities, capabilityWarnings } from "../models/capability-warnings.js";
import type { ResolvedModel } from "../models/model-types.js";
import { resolveModel, verbatimModel } from "../models/resolve-model.js";
import type { Engine } from "./engine.js";
import type { Warning } from "./generate-result.js";

/** What is sent for an id: resolved for OpenRouter, as written for everybody else. */
export function resolveWireModel(engine: Engine, id: string): ResolvedModel {
  if (engine.modelNotation === "verbatim" || engine.provider.name !== "openrouter") return verbatimModel(id);
  // Near ids are looked for when upstream does not know it either.
  return resolveModel(id, { catalogue: engine.catalogue, strictModels: engine.strictModels, suggest: false });
}

/** What the models that a wire body asks for are not known to be able to do; nothing where the router's catalogue does not apply. */
export function abilityWarnings(engine: Engine, body: AskedAbilities): Warning[] {
  if (engine.provider.name !== "openrouter") return [];
  const ids = new Set([body.model, ...(Array.isArray(body.models) ? body.models : [])]);
  const now = engine.clock.date();
  return [...ids].flatMap((id) => capabilityWarnings(body, engine.catalogue.get(String(id ?? "")), now));
}

/**
 * The ids to fall back on, as they are sent, and what there is to say about them.
 *
 * Throws: `invalid_request` for one that is no text, which no policy could judge.
 */
export function resolveFallbacks(engine: Engine, ids: unknown): { sent: string[]; warnings: Warning[] } {
  const resolved = (Array.isArray(ids) ? ids : []).map((id: unknown) => {
    if (typeof id !== "string") throw createError("invalid_request", "`models` holds something that is no id");
    return resolveWireModel(engine, id);
  });
  return { sent: resolved.map(({ sent }) => sent), warnings: resolved.flatMap(({ warnings }) => warnings) };
}
