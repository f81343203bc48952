import { createError } from "../errors/error-classes.js";
import { amountOf, countOf, recordOf } from "../usage/wire-number.js";
import type { ModelEndpoint, ModelInfo, ModelReasoning, Percentiles } from "./model-types.js";
import { readPrice } from "./read-price.js";

/**
 * Reads the answer of `GET /models`. Rows without an id are left out; everything else about a row may be missing.
 *
 * @throws InvalidResponseError `invalid_response` where there is no list, or nothing in it
 */
export function readModels(body: unknown): ModelInfo[] {
  const data = recordOf(body)?.data;
  const rows = Array.isArray(data) ? data.map(readModel).filter((row) => row !== undefined) : [];
  if (rows.length === 0) throw createError("invalid_response", "the answer has no list of models");
  return rows;
}

/**
 * Reads the answer of `GET /models/{vendor}/{slug}/endpoints`.
 *
 * @throws InvalidResponseError `invalid_response` where there is no list
 */
export function readEndpoints(body: unknown): ModelEndpoint[] {
  const endpoints = recordOf(recordOf(body)?.data)?.endpoints;
  if (!Array.isArray(endpoints)) throw createError("invalid_response", "the answer has no list of endpoints");
  return endpoints.flatMap((raw: unknown): ModelEndpoint[] => {
    const row = recordOf(raw);
    const providerName = textOf(row?.provider_name) ?? textOf(row?.name);
    if (!row || providerName === undefined) return [];
    return [
      withoutUndefined<ModelEndpoint>({
        providerName,
        tag: textOf(row.tag) ?? providerName.toLowerCase().replaceAll(" ", "-"),
        contextLength: countOf(row.context_length),
        maxCompletionTokens: countOf(row.max_completion_tokens),
        maxPromptTokens: countOf(row.max_prompt_tokens),
        supportedParameters: textsOf(row.supported_parameters),
        quantization: textOf(row.quantization),
        price: readPrice(row.pricing),
        status: numberOf(row.status),
        uptimePercent: numberOf(row.uptime_last_30m),
        latencyMs: percentilesOf(row.latency_last_30m),
        throughput: percentilesOf(row.throughput_last_30m),
        implicitCaching: flagOf(row.supports_implicit_caching),
        raw,
      }),
    ];
  });
}

function readModel(raw: unknown): ModelInfo | undefined {
  const row = recordOf(raw);
  const id = textOf(row?.id);
  if (!row || id === undefined) return undefined;
  const architecture = recordOf(row.architecture) ?? {};
  const provider = recordOf(row.top_provider) ?? {};
  return withoutUndefined<ModelInfo>({
    id,
    name: textOf(row.name) ?? id,
    description: textOf(row.description),
    canonicalSlug: textOf(row.canonical_slug),
    aliasOf: textOf(recordOf(row.alias_target)?.slug),
    contextLength: countOf(row.context_length) ?? countOf(provider.context_length),
    maxCompletionTokens: countOf(provider.max_completion_tokens),
    inputModalities: textsOf(architecture.input_modalities, ["text"]),
    outputModalities: textsOf(architecture.output_modalities, ["text"]),
    supportedParameters: textsOf(row.supported_parameters),
    reasoning: readReasoning(row.reasoning),
    price: readPrice(row.pricing),
    created: countOf(row.created),
    expirationDate: dayOf(row.expiration_date),
    knowledgeCutoff: dayOf(row.knowledge_cutoff),
    isModerated: flagOf(provider.is_moderated),
    raw,
  });
}

function readReasoning(raw: unknown): ModelReasoning | undefined {
  const wire = recordOf(raw);
  if (!wire) return undefined;
  return withoutUndefined<ModelReasoning>({
    mandatory: wire.mandatory === true,
    defaultEnabled: wire.default_enabled === true,
    defaultEffort: textOf(wire.default_effort),
    supportedEfforts: Array.isArray(wire.supported_efforts) ? textsOf(wire.supported_efforts) : undefined,
  });
}

function percentilesOf(raw: unknown): Percentiles | undefined {
  const { p50, p75, p90, p99 } = recordOf(raw) ?? {};
  const [a, b, c, d] = [p50, p75, p90, p99].map(amountOf);
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return { p50: a, p75: b, p90: c, p99: d };
}

/** A day, of a date with or without a time. */
function dayOf(value: unknown): string | undefined {
  return typeof value === "string" ? /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(value)?.[0] : undefined;
}

const numberOf = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const flagOf = (value: unknown) => (typeof value === "boolean" ? value : undefined);
const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const textsOf = (value: unknown, otherwise: string[] = []): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : otherwise;

function withoutUndefined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
