import { LLMClient } from "../client/llm-client.js";
import { LLMError } from "../errors/llm-error.js";
import type { Models } from "../models/models.js";
import { describeFailure } from "./describe-failure.js";
import { openClient } from "./open-client.js";
import { type Terminal, writeLine } from "./terminal.js";

/**
 * Opens OpenRouter's list of models, or, offline, without a key, or where OpenRouter does not answer, the list that
 * came with the package; stderr says which where it was not asked for.
 */
export async function openCatalogue(
  terminal: Terminal,
  offline: boolean,
): Promise<{ models: Models; close(): Promise<void> }> {
  const { env, stderr, signal } = terminal;
  const bundled = () => new LLMClient({ env: false, provider: "openrouter", apiKey: "none" });
  if (offline) return bundled();
  try {
    const llm = openClient({ ...(env && { env }), provider: "openrouter" }, signal);
    await llm.models.refresh();
    return llm;
  } catch (error) {
    if (!LLMError.is(error) || signal.aborted) throw error;
    await writeLine(stderr, `The list that came with the package is shown: ${describeFailure(error)}`);
    return bundled();
  }
}
