import type { Policy } from "../client/client-options.js";
import { createError } from "../errors/error-classes.js";
import { refuseLostPromises } from "../provider/openai-compatible/lost-promises.js";
import { recordOf } from "../usage/wire-number.js";

interface Judged {
  model?: unknown;
  models?: unknown;
  preset?: unknown;
  plugins?: unknown[] | undefined;
  tools?: unknown;
  provider?: Record<string, unknown> | undefined;
}

/**
 * Holds a final wire body, its ids resolved, to every floor: refuses models that may not be asked and writes `zdr`,
 * `data_collection` and `max_price` into `provider`, whatever stood there. The body given is not changed.
 *
 * Throws: `invalid_request` that names the model, or the rule that this provider cannot keep.
 */
export function enforcePolicy<B extends Judged>(body: B, policies: readonly Policy[], providerName: string): B {
  for (const id of policies.length === 0 ? [] : askedIds(body)) {
    for (const policy of policies) judge(id, policy);
  }
  const provider: Record<string, unknown> = { ...body.provider };
  for (const policy of policies) {
    if (policy.zdr) provider.zdr = true;
    if (policy.dataCollection === "deny") provider.data_collection = "deny";
    if (policy.maxPrice) provider.max_price = lowerPrices(provider.max_price, policy.maxPrice);
  }
  const held = Object.keys(provider).length > 0 ? { ...body, provider } : body;
  if (providerName === "openai" || providerName === "custom") refuseLostPromises(held, providerName);
  return held;
}

/** Models and presets, each by itself: `a/b@preset/x` asks for both. Plugins and server tools may ask models of their own. */
function askedIds(body: Judged): string[] {
  const askers = [body, ...records(body.plugins), ...records(body.tools).map(({ parameters }) => parameters)];
  const ids = askers.flatMap((asker) => namedModels(recordOf(asker))).map(requireText);
  // Upstream takes a preset's name with or without what marks it in a model id.
  if (typeof body.preset === "string") ids.push(`@preset/${body.preset.replace(/^@preset\//, "")}`);
  return ids.flatMap((id) => {
    const at = id.indexOf("@preset/");
    return at > 0 ? [id.slice(0, at), id.slice(at)] : [id];
  });
}

const namedModels = (asker: Readonly<Record<string, unknown>> = {}) => [
  ...listOf(asker.model),
  ...listOf(asker.models),
  ...listOf(asker.analysis_models),
];

function requireText(id: unknown): string {
  if (typeof id === "string") return id;
  throw createError("invalid_request", "a model is named by what is no text, which no policy can judge");
}

// What should be a list and is none may still be read as one upstream.
const listOf = (value: unknown): unknown[] => [value ?? []].flat();
const records = (value: unknown) =>
  listOf(value)
    .map(recordOf)
    .filter((record) => record !== undefined);

function judge(id: string, policy: Policy): void {
  const allowed = policy.allowModels === undefined || policy.allowModels.some((pattern) => matchesModel(pattern, id));
  const denied = policy.denyModels?.some((pattern) => matchesModel(pattern, id)) ?? false;
  if (!allowed || denied) {
    throw createError("invalid_request", `the policy does not allow the model "${id}"`, {
      model: id,
      hint: "ask a model that the policy's allowModels names and denyModels does not",
    });
  }
}

/**
 * Tells whether a model is among those that a pattern of a policy names.
 *
 * Shape: a pattern is an id, which also stands for its variants (`:free` and the like), or holds `*` for any run of
 * characters. Case and a `~` before the vendor do not count.
 */
export function matchesModel(pattern: string, id: string): boolean {
  const wanted = plain(pattern);
  const model = plain(id);
  if (!wanted.includes("*")) return model === wanted || model.startsWith(`${wanted}:`);
  let rest = model;
  const pieces = wanted.split("*");
  const last = pieces.pop() as string;
  for (const [position, piece] of pieces.entries()) {
    const at = position === 0 ? (rest.startsWith(piece) ? 0 : -1) : rest.indexOf(piece);
    if (at === -1) return false;
    rest = rest.slice(at + piece.length);
  }
  return rest.endsWith(last);
}

/** Upstream reads ids in any case, and `~vendor/family-latest` is a model of that vendor. */
const plain = (id: string) => id.trim().toLowerCase().replace(/^~/, "");

function lowerPrices(asked: unknown, floor: NonNullable<Policy["maxPrice"]>): Record<string, unknown> {
  const prices: Record<string, unknown> = typeof asked === "object" && asked !== null ? { ...asked } : {};
  for (const [kind, price] of Object.entries(floor)) {
    if (price === undefined) continue;
    const before = prices[kind] === undefined ? Number.NaN : Number(prices[kind]);
    prices[kind] = Number.isNaN(before) ? price : Math.min(before, price);
  }
  return prices;
}
