import type { ModelFilter, ModelInfo } from "../models/model-types.js";
import { count, dollars } from "./amounts.js";
import { countFlag, numberFlag, readFlags, UsageMistake, wordFlag } from "./flags.js";
import { openCatalogue } from "./open-catalogue.js";
import { type Column, printTable } from "./table.js";
import { type Terminal, writeLine } from "./terminal.js";

const FLAGS = {
  vendor: { type: "string" },
  supports: { type: "string" },
  input: { type: "string" },
  output: { type: "string" },
  "min-context": { type: "string" },
  "max-price": { type: "string" },
  free: { type: "boolean" },
  sort: { type: "string", default: "id" },
  limit: { type: "string" },
  offline: { type: "boolean", default: false },
  json: { type: "boolean" },
} as const;

const last = Number.POSITIVE_INFINITY;
const priceOf = ({ price }: ModelInfo) => (price ? price.promptPerMillion + price.completionPerMillion : last);

/** What is not known stands last. */
const ORDERS = {
  id: (a: ModelInfo, b: ModelInfo) => (a.id < b.id ? -1 : 1),
  price: (a: ModelInfo, b: ModelInfo) => (priceOf(a) === priceOf(b) ? 0 : priceOf(a) - priceOf(b)),
  context: (a: ModelInfo, b: ModelInfo) => (b.contextLength ?? 0) - (a.contextLength ?? 0),
  newest: (a: ModelInfo, b: ModelInfo) => (b.created ?? 0) - (a.created ?? 0),
};

const COLUMNS: readonly Column<ModelInfo>[] = [
  { title: "model", cell: (model) => model.id },
  { title: "context", cell: (model) => count(model.contextLength), right: true },
  { title: "prompt", cell: (model) => dollars(model.price?.promptPerMillion), right: true },
  { title: "completion", cell: (model) => dollars(model.price?.completionPerMillion), right: true },
  { title: "cached", cell: (model) => dollars(model.price?.cacheReadPerMillion), right: true },
  { title: "reads", cell: (model) => model.inputModalities.join(" ") },
  { title: "can", cell: (model) => SKILLS.filter((skill) => model.supportedParameters.includes(skill)).join(" ") },
];
const SKILLS = ["tools", "structured_outputs", "reasoning"];

/** `signalbox models`: 1 where no model passes. */
export async function listModels(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readFlags(args, FLAGS);
  if (positionals.length > 1) throw new UsageMistake(`one search text, not ${positionals.length}`);
  const sort = wordFlag("sort", values.sort, ["id", "price", "context", "newest"]);
  const limit = countFlag("limit", values.limit, 1);
  const filter: ModelFilter = {
    search: positionals[0],
    vendor: values.vendor,
    supports: values.supports?.split(",").map((name) => name.trim()),
    inputModality: values.input,
    outputModality: values.output,
    minContextLength: numberFlag("min-context", values["min-context"]),
    maxCompletionPerMillion: numberFlag("max-price", values["max-price"]),
    free: values.free,
  };
  const catalogue = await openCatalogue(terminal, values.offline);
  const models = catalogue.models.list(filter).toSorted(ORDERS[sort]).slice(0, limit);
  await catalogue.close();
  if (values.json) {
    const rows = models.map(({ raw: _raw, ...model }) => model);
    await writeLine(terminal.stdout, JSON.stringify(rows, null, 2));
  } else if (models.length > 0) await printTable(terminal, COLUMNS, models);
  else await writeLine(terminal.stderr, "No model passes.");
  return models.length > 0 ? 0 : 1;
}
