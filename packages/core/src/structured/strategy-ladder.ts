import type { ModelInfo } from "../models/model-types.js";
import type { NormalizedSchema } from "./normalize-schema.js";
import type { Strategy } from "./schema.js";

/** The rungs, strongest first. */
export const STRATEGIES: readonly Strategy[] = ["json_schema_strict", "json_schema", "tool", "json_object"];

/**
 * The rungs to try for a model, in order; never empty.
 *
 * Shape: a strategy that the caller names is the only rung. Otherwise what the catalogue says of the model decides;
 * a model it does not know is tried from the top. `json_object` always stands last: it also works in words alone.
 */
export function chooseLadder(
  model: Pick<ModelInfo, "supportedParameters"> | undefined,
  strategy: Strategy | "auto" | undefined,
  schema: Pick<NormalizedSchema, "strict" | "strictSchema">,
): Strategy[] {
  if (strategy !== undefined && strategy !== "auto") return [strategy];
  const can = (parameter: string) => model === undefined || model.supportedParameters.includes(parameter);
  const strict = schema.strict !== false && schema.strictSchema !== undefined;
  const usable: Record<Strategy, boolean> = {
    json_schema_strict: can("structured_outputs") && strict,
    json_schema: can("structured_outputs"),
    tool: can("tools"),
    json_object: true,
  };
  return STRATEGIES.filter((rung) => usable[rung]);
}
