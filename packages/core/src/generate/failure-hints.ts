import { excludesProviders } from "../errors/excluded-providers.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Catalogue } from "../models/catalogue.js";
import { suggestModels } from "../models/resolve-model.js";

/** Names like the one that nobody knows. */
export function nearModels(
  { code, detail }: LLMError,
  model: string | undefined,
  catalogue: Catalogue,
): string | undefined {
  if (code !== "model_not_found" || model === undefined || excludesProviders(detail)) return undefined;
  const near = suggestModels(model, catalogue).filter((id) => id !== model);
  return near.length > 0 ? `did you mean ${near.join(", ")}?` : undefined;
}

/** Where the refused key came from. */
export function refusedKey({ code }: LLMError, keyOrigin: string | undefined): string | undefined {
  if (code !== "authentication") return undefined;
  return keyOrigin === undefined ? "no key was sent" : `the refused key came from ${keyOrigin}`;
}
