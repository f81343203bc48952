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

/** The ids to fall back on, as they are sent, and what there is to say about them. */
export function resolveFallbacks(engine: Engine, ids: unknown): { sent: string[]; warnings: Warning[] } {
  const resolved = Array.isArray(ids) ? ids.map((id) => resolveWireModel(engine, String(id))) : [];
  return { sent: resolved.map(({ sent }) => sent), warnings: resolved.flatMap(({ warnings }) => warnings) };
}
