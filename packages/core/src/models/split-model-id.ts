import { PROVIDER_SUFFIXES, VARIANTS } from "./notation-data.js";

/** A model id taken apart: `[~]vendor/slug[:suffix…][@preset/name]`. */
export interface ModelIdParts {
  /** Vendor and slug, without any suffix. */
  base: string;
  /** Suffixes that are sent, in order, without repetitions. */
  kept: string[];
  /** Those of them that OpenRouter knows. */
  variants: string[];
  /** The suffix that names a provider (`aws`), or `beta`; the last one given, a provider before `beta`. */
  provider?: string | undefined;
  /** `@preset/name`, or empty. */
  preset: string;
}

/** Takes an id apart without judging it. */
export function splitModelId(id: string): ModelIdParts {
  const at = id.indexOf("@");
  const preset = at < 0 ? "" : id.slice(at);
  const [base = "", ...suffixes] = (at < 0 ? id : id.slice(0, at)).split(":");
  const kept: string[] = [];
  let provider: string | undefined;
  for (const suffix of suffixes) {
    const word = suffix.toLowerCase();
    if (word === "beta") provider ??= word;
    else if (Object.hasOwn(PROVIDER_SUFFIXES, word)) provider = word;
    else if (suffix !== "" && !kept.includes(suffix)) kept.push(suffix);
  }
  return { base, kept, variants: kept.filter((suffix) => VARIANTS.has(suffix.toLowerCase())), provider, preset };
}

/** The vendor of an id: `anthropic` of `~anthropic/claude-sonnet-latest`. Empty where the id names none. */
export function vendorOf(id: string): string {
  const slash = id.indexOf("/");
  return slash < 0 ? "" : id.slice(id.startsWith("~") ? 1 : 0, slash);
}
