import { createError } from "../errors/error-classes.js";
import type { ModelInfo, NotationRouting, ResolvedModel } from "./model-types.js";
import { nearest } from "./nearest.js";
import {
  DEFAULT_MODEL,
  GUIDE_MODELS,
  NEVER_SERVES,
  PROVIDER_SUFFIXES,
  type Priced,
  RETIRED,
  type Retirement,
  VENDOR_PROVIDERS,
} from "./notation-data.js";
import { splitModelId, vendorOf } from "./split-model-id.js";

/** Where models are looked up: a client's `models`, or a plain list. */
export type ModelSource =
  | { get(id: string): ModelInfo | undefined; list(): readonly ModelInfo[] }
  | readonly ModelInfo[];

export interface ResolveModelOptions {
  /** What is known to be served today; without one only the table of retired ids is used. */
  catalogue?: ModelSource | undefined;
  /** Never replace a retired id by its successor. @default false */
  strictModels?: boolean | undefined;
  /** Look for near ids where the catalogue does not know one; it takes a pass over the whole catalogue. @default true */
  suggest?: boolean | undefined;
}

// Anything visible: OpenRouter's own rules for slugs are looser than its documentation.
const WELL_FORMED = /^[^\s/]+\/\S+$/;

/**
 * Reads a model id in the original guide's notation or in today's, and says what is sent for it.
 *
 * Shape: `:beta`, `:beta:aws` and the like become provider preferences; `meta/llama-…` becomes `meta-llama/llama-…`;
 * a retired id becomes its successor where that is not dearer, and `substituted` and a warning say so; variants,
 * aliases (`~vendor/…`) and presets are kept; unknown ids pass through.
 * Throws: ModelNotFoundError `model_not_found` for an id without vendor, and for a retired one whose only successor
 * is dearer; `detail` and `hint` name the nearest ids.
 * Source: the guide's notation, and OpenRouter's model list of 2026.
 */
export function resolveModel(id: string, options: ResolveModelOptions = {}): ResolvedModel {
  const { strictModels = false, suggest = true } = options;
  const source = sourceOf(options.catalogue);
  const requested = id.trim() === "" ? DEFAULT_MODEL : id;
  const written = withoutRouterPrefix(requested.trim());
  if (written.startsWith("@preset/")) return verbatimModel(requested, written);
  const parts = splitModelId(written);
  if (source?.get(written)) return { ...verbatimModel(requested, written), variants: parts.variants };
  const base = parts.base.replace(/^meta\/(?=llama-)/, "meta-llama/");
  if (!WELL_FORMED.test(base)) throw notFound(requested, suggestionsFor(base, source));

  const tail = (suffixes: readonly string[]) => suffixes.map((suffix) => `:${suffix}`).join("") + parts.preset;
  const resolved: ResolvedModel = {
    requested,
    sent: base + tail(parts.kept),
    variants: parts.variants,
    warnings: [],
  };
  if (base !== parts.base)
    resolved.warnings.push({ code: "model_notation", message: `${parts.base} is called ${base} today` });
  const retirement = own(RETIRED, base);
  if (source?.get(base) || source?.get(base + tail(parts.kept))) {
    // Served today: nothing to replace, whatever the table says.
  } else if (retirement && !strictModels) {
    substitute(resolved, base, retirement, source, tail(parts.kept));
  } else if (retirement || (source && suggest)) {
    const near = retirement ? retirement.successors.map(([successor]) => successor) : suggestionsFor(base, source);
    if (near.length > 0) resolved.suggestions = near;
  }
  if (parts.provider !== undefined) preferProvider(resolved, base, parts.provider);
  return resolved;
}

/** The ids of a catalogue that are nearest to one it does not know, best first. */
export function suggestModels(id: string, catalogue: ModelSource | undefined): string[] {
  return suggestionsFor(splitModelId(id).base, sourceOf(catalogue));
}

/** The reading of an id that is sent exactly as it is written. */
export function verbatimModel(requested: string, sent = requested): ResolvedModel {
  return { requested, sent, variants: [], warnings: [] };
}

/** The error for an id that no model answers to. */
export function notFound(id: string, suggestions: readonly string[], reason?: string): Error {
  const shown = id.length > 200 ? `${id.slice(0, 200)}…` : id;
  const near = suggestions.length > 0 ? `; did you mean ${suggestions.join(", ")}?` : "";
  return createError("model_not_found", `model not found: ${shown}${reason ? ` (${reason})` : ""}${near}`, {
    model: shown,
    ...(suggestions[0] === undefined ? {} : { hint: `Use "${suggestions[0]}".` }),
  });
}

function withoutRouterPrefix(id: string): string {
  const rest = id.startsWith("openrouter/") ? id.slice("openrouter/".length) : "";
  return rest.split(/[:@]/, 1)[0]?.includes("/") ? rest : id;
}

function substitute(
  resolved: ResolvedModel,
  base: string,
  { price: [oldPrompt, oldCompletion], successors }: Retirement,
  source: Source | undefined,
  tail: string,
): void {
  const today = successors.map(([id, prompt, completion]): Priced => {
    const price = source?.get(id)?.price;
    return price ? [id, price.promptPerMillion, price.completionPerMillion] : [id, prompt, completion];
  });
  const taken = today.find(([, prompt, completion]) => prompt <= oldPrompt && completion <= oldCompletion);
  if (!taken) {
    const prices = today.map(([id, prompt, completion]) => `${id} at ${prompt}/${completion}`).join(", ");
    throw notFound(
      resolved.requested,
      today.map(([id]) => id),
      `retired; it cost ${oldPrompt}/${oldCompletion} USD per million tokens, and what follows it costs more: ${prices}`,
    );
  }
  const [successor] = taken;
  const reason = `${base} is retired`;
  resolved.sent = successor + tail;
  resolved.substituted = { from: base, to: successor, reason };
  const nearer = today[0]?.[0] === successor ? "" : ` (nearer to it, but dearer: ${today[0]?.[0]})`;
  resolved.warnings.push({ code: "model_substituted", message: `${reason}; ${successor} is asked instead${nearer}` });
}

function preferProvider(resolved: ResolvedModel, base: string, suffix: string): void {
  const vendor = vendorOf(base);
  const slug =
    suffix === "beta" ? (own(VENDOR_PROVIDERS, vendor) ?? vendor) : (own(PROVIDER_SUFFIXES, suffix) ?? suffix);
  const routing: NotationRouting = { order: [slug], allowFallbacks: true };
  resolved.routing = routing;
  const noted = suffix === "beta" ? ":beta" : `:${suffix}`;
  resolved.warnings.push({
    code: "model_notation",
    message: `"${noted}" is not part of today's model ids; ${slug} is preferred through routing instead`,
  });
  if (own(NEVER_SERVES, slug)?.includes(vendor)) {
    resolved.warnings.push({
      code: "provider_unlikely",
      message: `${slug} is not known to serve models of ${vendor}; another provider will answer`,
    });
  }
}

/** Ids are the caller's: none of them may find what a table inherits. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

interface Source {
  /** The row of exactly this id; a lookup that reads notation of its own would hide what is to be translated. */
  get(id: string): ModelInfo | undefined;
  ids(): Iterable<string>;
}

function sourceOf(catalogue: ModelSource | undefined): Source | undefined {
  if (catalogue === undefined) return undefined;
  const list = () => ("get" in catalogue ? catalogue.list() : catalogue);
  const find = (id: string) => ("get" in catalogue ? catalogue.get(id) : catalogue.find((row) => row.id === id));
  return {
    get(id) {
      const row = find(id);
      return row?.id === id ? row : undefined;
    },
    ids: () => list().map((row) => row.id),
  };
}

/** Known ids near to `base`, by the whole id or by what stands behind its slash. */
function suggestionsFor(base: string, source: Source | undefined): string[] {
  const known = GUIDE_MODELS.map((id) => splitModelId(id).base.replace(/^meta\//, "meta-llama/"));
  const served = known.filter((id) => !Object.hasOwn(RETIRED, id));
  const successors = Object.values(RETIRED).flatMap((retirement) => retirement.successors.map(([id]) => id));
  const forms = (id: string) => [id, id.slice(id.indexOf("/") + 1)];
  const direct = nearest(base, [...(source?.ids() ?? []), ...served, ...successors], { count: 3, forms });
  const [retired] = nearest(base, Object.keys(RETIRED), { forms });
  const exact = retired !== undefined && forms(retired).includes(base) ? [RETIRED[retired]?.successors[0]?.[0]] : [];
  return [...new Set([...exact, ...direct])].filter((id) => id !== undefined).slice(0, 3);
}
