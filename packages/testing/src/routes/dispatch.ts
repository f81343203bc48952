import type { IncomingMessage } from "node:http";
import type { Exchange } from "../delivery/exchange.js";
import type { Delivery } from "../delivery/step.js";
import type { Fault } from "../faults/fault.js";
import type { Simulation } from "../simulation.js";
import { percentDecoded } from "../text/percent-decoded.js";
import { ApiError } from "../wire/api-error.js";
import { jsonDelivery } from "../wire/json-delivery.js";
import { credits, currentKey } from "./account.js";
import { chatCompletions } from "./chat-completions.js";
import { embeddings } from "./embeddings.js";
import { listModels, listProviders, modelEndpoints, oneModel } from "./models.js";
import { rerank } from "./rerank.js";
import { spoilOrGiveBack } from "./spoil-or-give-back.js";

/** Sends a request to its endpoint; throws `ApiError` for everything OpenRouter refuses. */
export function dispatch(
  simulation: Simulation,
  request: IncomingMessage,
  exchange: Exchange,
  fault: Fault | undefined,
): Delivery | Promise<Delivery> {
  const { method, path } = exchange.entry;
  if (method === "POST" && path === "/chat/completions") {
    exchange.apiKey = simulation.keys.requireInference(request.headers);
    return chatCompletions(simulation, exchange, fault);
  }
  const delivery = method === "POST" ? infer(simulation, request, exchange) : look(simulation, request, exchange);
  return fault ? spoilOrGiveBack(simulation, exchange, fault, delivery) : delivery;
}

function look(simulation: Simulation, request: IncomingMessage, { entry }: Exchange): Delivery {
  const { method, path, query } = entry;
  if (method !== "GET") throw new ApiError(405, "Method Not Allowed", { anonymous: true });
  const { headers } = request;
  if (path === "/models") return jsonDelivery(listModels(simulation, query));
  if (path === "/embeddings/models")
    return jsonDelivery(listModels(simulation, { ...query, output_modalities: "embeddings" }));
  if (path === "/providers") return jsonDelivery(listProviders(simulation));
  if (path === "/key") return jsonDelivery(currentKey(simulation, simulation.keys.require(headers)));
  if (path === "/credits") {
    simulation.keys.requireManagement(headers);
    return jsonDelivery(credits(simulation));
  }
  if (path === "/generation") {
    simulation.keys.require(headers);
    return jsonDelivery({ data: simulation.generations.find(query.id ?? "") });
  }
  const model = /^\/model\/([^/]+)\/([^/]+)$/.exec(path);
  if (model) return jsonDelivery(oneModel(simulation, decoded(model)));
  const endpoints = /^\/models\/([^/]+)\/([^/]+)\/endpoints$/.exec(path);
  if (endpoints) return jsonDelivery(modelEndpoints(simulation, decoded(endpoints)));
  throw notFound();
}

function infer(simulation: Simulation, request: IncomingMessage, exchange: Exchange): Delivery {
  const { path } = exchange.entry;
  if (path !== "/embeddings" && path !== "/rerank") throw notFound();
  exchange.apiKey = simulation.keys.requireInference(request.headers);
  return path === "/embeddings" ? embeddings(simulation, exchange) : rerank(simulation, exchange);
}

function decoded([, author = "", slug = ""]: RegExpExecArray): string {
  return `${percentDecoded(author)}/${percentDecoded(slug)}`;
}

export function notFound(): ApiError {
  return new ApiError(404, "Not Found", { anonymous: true });
}
