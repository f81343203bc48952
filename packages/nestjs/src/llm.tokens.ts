/** The name that is meant where none is given. */
export const DEFAULT_LLM = "default";

/** The injection token of the {@link LLMService} registered under `name`. */
export function getLLMToken(name: string = DEFAULT_LLM): string {
  return `LLM(${name})`;
}

/** The injection token of the `LLMClient` registered under `name`. */
export function getLLMClientToken(name: string = DEFAULT_LLM): string {
  return `LLMClient(${name})`;
}
