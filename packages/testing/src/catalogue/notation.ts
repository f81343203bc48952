/** `2026`: what OpenRouter accepts today. `2024`: also `:beta`, `:beta:aws`, `:beta:together` and retired ids. */
export type Notation = "2026" | "2024";

const routingVariants = new Set(["nitro", "floor", "exacto", "online"]);
const listedVariants = new Set(["free", "extended", "thinking", "batch"]);
const providers2024: Readonly<Record<string, string>> = {
  aws: "amazon-bedrock",
  bedrock: "amazon-bedrock",
  together: "together",
  google: "google-vertex",
  vertex: "google-vertex",
  azure: "azure",
};

/** A model id taken apart; `undefined` where the notation does not know one of its suffixes. */
export interface ModelName {
  /** The id to look up: with a listed variant (`:free`), without routing variants and presets. */
  listed: string;
  base: string;
  /** The provider that a suffix of 2024 prefers. */
  prefers?: string | undefined;
}

export function parseModelName(id: string, notation: Notation): ModelName | undefined {
  const [name = "", ...suffixes] = id.replace(/@preset\/[\w-]+$/, "").split(":");
  let listed = name;
  let prefers: string | undefined;
  for (const suffix of suffixes) {
    if (routingVariants.has(suffix)) continue;
    if (listedVariants.has(suffix)) listed = `${name}:${suffix}`;
    else if (notation === "2024" && suffix === "beta") prefers ??= name.split("/")[0];
    else if (notation === "2024" && providers2024[suffix]) prefers = providers2024[suffix];
    else return undefined;
  }
  return { listed, base: name, prefers };
}
