import { createError } from "../errors/error-classes.js";
import type { CallScope, Engine } from "../generate/engine.js";
import { abilityWarnings, resolveFallbacks, resolveWireModel } from "../generate/resolve-wire-models.js";
import { wireRouting } from "../generate/wire-routing.js";
import type { ResolvedModel } from "../models/model-types.js";
import { enforcePolicy } from "../models/policy.js";
import { verbatimModel } from "../models/resolve-model.js";
import type { FetchRequest } from "./fetch-request.js";

/** A body as it goes out, and what is known of it. */
export interface FetchBody {
  /** The JSON object that was sent; empty where there is none. */
  body: Record<string, unknown> & { model?: string };
  sent: string | Uint8Array | undefined;
  model: ResolvedModel;
  streams: boolean;
  /** False where no model answers, such as for a list of models. */
  counted: boolean;
}

/**
 * Holds the body of a request to resolution and policy: ids are resolved, floors written. A body that is no JSON
 * object goes out as it is, unless there is a policy, which could not be judged on it. Where text is generated, the
 * client's model stands in for one that is missing.
 *
 * @param path - below the base URL
 *
 * Throws: `invalid_request`, `model_not_found`.
 */
export function prepareFetchBody(engine: Engine, scope: CallScope, request: FetchRequest, path: string): FetchBody {
  const { body: bytes } = request;
  if (bytes === undefined)
    return { body: {}, sent: undefined, model: verbatimModel(""), streams: false, counted: false };
  const given = readObject(bytes);
  if (given === undefined) {
    if (scope.policies.length > 0) throw createError("invalid_request", "a policy can be judged on JSON bodies only");
    return { body: {}, sent: bytes, model: verbatimModel(""), streams: false, counted: true };
  }
  const { model: own } = given;
  // Nothing that reckons by ids could read it, and upstream would refuse it.
  if (own != null && typeof own !== "string") throw createError("invalid_request", "`model` is no text");
  const asked = own ?? (GENERATES.test(path) ? scope.model : undefined);
  const model = asked === undefined ? verbatimModel("") : resolveWireModel(engine, asked);
  const fallbacks = resolveFallbacks(engine, given.models);
  const body: Record<string, unknown> = { ...given };
  if (model.sent !== "") body.model = model.sent;
  if (fallbacks.sent.length > 0) body.models = fallbacks.sent;
  const routing = wireRouting(model.routing);
  if (routing !== undefined) body.provider = { ...routing, ...(given.provider as object | undefined) };
  const held = enforcePolicy(body, scope.policies, engine.provider.name) as FetchBody["body"];
  const warnings = [...model.warnings, ...fallbacks.warnings, ...abilityWarnings(engine, held)];
  for (const warning of warnings) engine.emit("warning", warning);
  return { body: held, sent: JSON.stringify(held), model, streams: held.stream === true, counted: true };
}

const GENERATES = /^(chat\/completions|completions|responses|messages)\/?$/;

function readObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
