import { createError } from "../errors/error-classes.js";
import { perMillion } from "../usage/money.js";
import { amountOf, countOf, recordOf } from "../usage/wire-number.js";
import type { ModelEndpoint, ModelInfo, ModelPrice } from "./model-types.js";

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
        supportedParameters: textsOf(row.supported_parameters),
        price: readPrice(row.pricing),
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
    contextLength: countOf(row.context_length) ?? countOf(provider.context_length),
    maxCompletionTokens: countOf(provider.max_completion_tokens),
    inputModalities: textsOf(architecture.input_modalities, ["text"]),
    outputModalities: textsOf(architecture.output_modalities, ["text"]),
    supportedParameters: textsOf(row.supported_parameters),
    price: readPrice(row.pricing),
    created: countOf(row.created),
    raw,
  });
}

/** Prices come as decimal strings per token; a negative one means that it depends on a router's choice. */
function readPrice(pricing: unknown): ModelPrice | undefined {
  const wire = recordOf(pricing);
  const usd = (value: unknown) =>
    typeof value === "string" || typeof value === "number" ? perMillion(value) : undefined;
  const prompt = usd(wire?.prompt);
  const completion = usd(wire?.completion);
  if (!wire || prompt === undefined || completion === undefined) return undefined;
  const perRequest = amountOf(Number(wire.request ?? 0));
  return withoutUndefined<ModelPrice>({
    promptPerMillion: prompt,
    completionPerMillion: completion,
    cacheReadPerMillion: usd(wire.input_cache_read),
    cacheWritePerMillion: usd(wire.input_cache_write),
    perRequest: perRequest === 0 ? undefined : perRequest,
  });
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const textsOf = (value: unknown, otherwise: string[] = []): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : otherwise;

function withoutUndefined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
