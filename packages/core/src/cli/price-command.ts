import type { ModelPrice } from "../models/model-types.js";
import { resolveModel } from "../models/resolve-model.js";
import { estimateCost } from "../usage/estimate-cost.js";
import type { Cost } from "../usage/usage.js";
import { count, dollars } from "./amounts.js";
import { countFlag, readFlags, UsageMistake } from "./flags.js";
import { openCatalogue } from "./open-catalogue.js";
import { type Column, printTable } from "./table.js";
import { type Terminal, writeLine } from "./terminal.js";

const FLAGS = {
  prompt: { type: "string", default: "1000" },
  completion: { type: "string", default: "1000" },
  offline: { type: "boolean", default: false },
  json: { type: "boolean" },
} as const;

interface Row {
  model: string;
  sent: string;
  price: ModelPrice | undefined;
  cost: Cost;
}

/** `signalbox price`: fails where a model is not known or has no price. */
export async function showPrices(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readFlags(args, FLAGS);
  if (positionals.length === 0) throw new UsageMistake("price takes at least one model");
  const promptTokens = countFlag("prompt", values.prompt) ?? 0;
  const completionTokens = countFlag("completion", values.completion) ?? 0;
  const catalogue = await openCatalogue(terminal, values.offline);
  const { models } = catalogue;
  try {
    const rows = positionals.map((model): Row => {
      const cost = estimateCost(model, { promptTokens, completionTokens }, { catalogue: models });
      return { model, sent: resolveModel(model, { catalogue: models }).sent, price: models.price(model), cost };
    });
    if (values.json) await writeLine(terminal.stdout, JSON.stringify(rows, null, 2));
    else await printTable(terminal, columns(promptTokens, completionTokens), rows);
    return 0;
  } finally {
    await catalogue.close();
  }
}

function columns(promptTokens: number, completionTokens: number): readonly Column<Row>[] {
  return [
    { title: "model", cell: ({ model, sent }) => (model === sent ? model : `${model} → ${sent}`) },
    { title: "prompt", cell: ({ price }) => dollars(price?.promptPerMillion), right: true },
    { title: "completion", cell: ({ price }) => dollars(price?.completionPerMillion), right: true },
    {
      title: `${count(promptTokens)} + ${count(completionTokens)} tokens`,
      cell: ({ cost }) => dollars(cost.totalUsd),
      right: true,
    },
  ];
}
