import type { ModelBound } from "./model-bound.js";

/** A row of `GET /models` as OpenAI's clients read it; what else upstream says of the model stays. */
export interface OpenAIModel {
  id: string;
  object: "model";
  created: number;
  owned_by: string;
  [field: string]: unknown;
}

/** Upstream's list of models within the bound, in OpenAI's shape. */
export function readModelList(body: unknown, bound: ModelBound): OpenAIModel[] {
  const { data } = (body ?? {}) as { data?: unknown };
  const rows = (Array.isArray(data) ? data : []).filter(isRow).filter(({ id }) => bound.admits(id));
  const known = new Set(rows.map(({ id }) => id.toLowerCase()));
  const unlisted = bound.ids.filter((id) => !known.has(id.toLowerCase())).map((id) => ({ id }));
  return [...rows, ...unlisted].map(asModel);
}

interface Row {
  id: string;
  created?: unknown;
  owned_by?: unknown;
}

function isRow(row: unknown): row is Row {
  return typeof row === "object" && row !== null && "id" in row && typeof row.id === "string";
}

function asModel(row: Row): OpenAIModel {
  const [vendor = "", slug] = row.id.split("/");
  return {
    ...row,
    object: "model",
    created: typeof row.created === "number" ? row.created : 0,
    owned_by: typeof row.owned_by === "string" ? row.owned_by : slug === undefined ? "system" : vendor,
  };
}
