import { buildModel } from "./build-model.js";
import { defaultModels, modelsOf2024 } from "./default-models.js";
import type { ModelSpec, SimulatedModel } from "./model.js";
import type { Notation } from "./notation.js";

/** Models that extend the default list (an id that is already there is replaced), or `only` these. */
export type ModelsOption = readonly ModelSpec[] | { only: readonly ModelSpec[] };

/** The models of one simulator, by id and alias. */
export class Catalogue {
  readonly models: readonly SimulatedModel[];
  private readonly byId = new Map<string, SimulatedModel>();

  constructor(option: ModelsOption | undefined, notation: Notation) {
    const replaced = option !== undefined && "only" in option;
    const specs = new Map<string, ModelSpec>();
    const known = notation === "2024" ? [...defaultModels, ...modelsOf2024] : defaultModels;
    for (const spec of replaced ? option.only : [...known, ...(option ?? [])]) specs.set(spec.id, spec);
    this.models = [...specs.values()].map(buildModel);
    for (const model of this.models) {
      this.byId.set(model.id, model);
      for (const alias of model.aliases) if (!specs.has(alias)) this.byId.set(alias, model);
    }
  }

  find(id: string): SimulatedModel | undefined {
    return this.byId.get(id);
  }
}
