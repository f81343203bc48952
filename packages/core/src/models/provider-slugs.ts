/**
 * Slugs of the providers whose thoughts are signed or encrypted, by the name that answers carry. The one does not
 * follow from the other: "Google" is Vertex.
 *
 * Source: OpenRouter's list of providers.
 */
const SLUGS: ReadonlyMap<string, string> = new Map([
  ["Amazon Bedrock", "amazon-bedrock"],
  ["Anthropic", "anthropic"],
  ["Azure", "azure"],
  ["Google", "google-vertex"],
  ["Google AI Studio", "google-ai-studio"],
  ["Meta", "meta"],
  ["OpenAI", "openai"],
  ["xAI", "xai"],
]);

/** What to put into `routing.only` for a provider that an answer names; undefined where that is not known for sure. */
export function providerSlug(servedBy: string): string | undefined {
  return SLUGS.get(servedBy);
}
