import { routeRequest } from "../catalogue/route-request.js";
import type { Exchange } from "../delivery/exchange.js";
import type { Delivery } from "../delivery/step.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import type { Simulation } from "../simulation.js";
import { embed } from "../text/embedding.js";
import { contentText } from "../text/prompt-text.js";
import { countTokens } from "../text/tokens.js";
import { ApiError } from "../wire/api-error.js";
import { money } from "../wire/exact-money.js";
import { beGenerated } from "../wire/generation-id.js";
import { jsonDelivery } from "../wire/json-delivery.js";
import { usageBlock } from "../wire/usage.js";

/** POST /embeddings: texts that share words get vectors that lie near each other. */
export function embeddings(simulation: Simulation, exchange: Exchange): Delivery {
  const { entry } = exchange;
  const body = entry.json;
  const inputs = inputsOf(body.input);
  if (inputs.length === 0) throw new ApiError(400, "input: Invalid input: expected string or array");
  simulation.account.countRequest(entry.model ?? "");
  const route = routeRequest(body, "embeddings", simulation.catalogue, simulation.notation, () => {});
  const prompt = inputs.reduce((sum, input) => sum + countTokens(input), 0);
  const slot = simulation.vectors.slot(exchange);
  if (!slot?.hit) simulation.account.checkCredits(prompt, undefined, route.endpoint.pricing);

  const dimensions = dimensionsOf(body.dimensions, route.model.dimensions);
  const { id } = beGenerated("gen-emb", body, simulation);
  entry.generationId = id;
  entry.provider = route.endpoint.providerName;
  if (slot?.hit) return embeddedBefore(exchange, slot.hit.answer, id, slot.headers);
  const { cost, is_byok, cost_details } = usageBlock({ prompt, completion: 0, reasoning: 0 }, route.endpoint.pricing);
  const usage: JsonObject = { prompt_tokens: prompt, total_tokens: prompt, cost, is_byok, cost_details };
  const data = inputs.map((input, index) => {
    const vector = embed(input, dimensions, route.model.id);
    return { object: "embedding", embedding: body.encoding_format === "base64" ? base64(vector) : vector, index };
  });
  const model = route.model.canonicalSlug.split("/")[1] ?? "";
  const answer = { object: "list", data, model, usage, provider: route.endpoint.providerName, id };
  exchange.onEnd = (clientLeft) => {
    entry.usage = usage;
    entry.cost = cost as number;
    simulation.account.spend(money(cost as number));
    if (!clientLeft && entry.fault === undefined) slot?.keep(answer, id);
  };
  return withHeaders(jsonDelivery(answer, id), slot?.headers);
}

function embeddedBefore(exchange: Exchange, answer: JsonObject, id: string, headers: Record<string, string>): Delivery {
  const { cost, is_byok, cost_details } = usageBlock({ prompt: 0, completion: 0, reasoning: 0 }, {});
  const usage: JsonObject = { prompt_tokens: 0, total_tokens: 0, cost, is_byok, cost_details };
  exchange.onEnd = () => {
    exchange.entry.usage = usage;
    exchange.entry.cost = 0;
  };
  return withHeaders(jsonDelivery({ ...answer, usage, id }, id), headers);
}

function withHeaders(delivery: Delivery, headers: Record<string, string> | undefined): Delivery {
  return { ...delivery, headers: { ...delivery.headers, ...headers } };
}

/** A string, strings, token ids, lists of token ids, or OpenRouter's content parts. */
function inputsOf(input: JsonValue | undefined): string[] {
  if (typeof input === "string") return input === "" ? [] : [input];
  if (!Array.isArray(input)) return [];
  if (input.every((item) => typeof item === "number")) return input.length === 0 ? [] : [input.join(" ")];
  return input.map((item) =>
    Array.isArray(item) ? item.join(" ") : isJsonObject(item) ? contentText(item.content) : String(item),
  );
}

/** What the request asks for, up to the model's own length; that length where it asks for nothing. */
function dimensionsOf(asked: JsonValue | undefined, most: number): number {
  if (asked === undefined || asked === null) return most;
  if (typeof asked !== "number") throw new ApiError(400, "dimensions: Invalid input: expected number");
  if (!Number.isInteger(asked)) throw new ApiError(400, "dimensions: Invalid input: expected integer");
  if (asked < 1) throw new ApiError(400, "dimensions: Too small: expected number to be >=1");
  if (asked > most) throw new ApiError(400, `dimensions: Too big: expected number to be <=${most}`);
  return asked;
}

function base64(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString("base64");
}
