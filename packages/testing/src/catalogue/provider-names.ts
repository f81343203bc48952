/** Display names by slug: requests name slugs, answers name these. */
const displayNames: Readonly<Record<string, string>> = {
  ai21: "AI21",
  "amazon-bedrock": "Amazon Bedrock",
  anthropic: "Anthropic",
  azure: "Azure",
  chutes: "Chutes",
  cohere: "Cohere",
  deepinfra: "DeepInfra",
  deepseek: "DeepSeek",
  fireworks: "Fireworks",
  "google-ai-studio": "Google AI Studio",
  "google-vertex": "Google",
  groq: "Groq",
  meta: "Meta",
  mistral: "Mistral",
  novita: "Novita",
  openai: "OpenAI",
  together: "Together",
  venice: "Venice",
  voyageai: "VoyageAI by MongoDB",
  xai: "xAI",
};

/** The name a provider bears in answers, such as `Amazon Bedrock` for `amazon-bedrock`. */
export function providerName(slug: string): string {
  return (
    displayNames[slug] ??
    slug
      .split("-")
      .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
      .join(" ")
  );
}

/** Every provider the simulator knows by itself. */
export const providerSlugs: readonly string[] = Object.keys(displayNames);
