import type { IncomingMessage, ServerResponse } from "node:http";
import { Exchange } from "./delivery/exchange.js";
import { perform } from "./delivery/perform.js";
import type { Delivery } from "./delivery/step.js";
import { answerInstead } from "./faults/answer-instead.js";
import type { Fault } from "./faults/fault.js";
import type { JsonValue } from "./json.js";
import { replayDelivery } from "./replay/recording.js";
import { readBody } from "./requests/read-body.js";
import { pathBelowApi } from "./requests/request-log.js";
import { dispatch, notFound } from "./routes/dispatch.js";
import { giveBack } from "./routes/spoil-or-give-back.js";
import type { Simulation } from "./simulation.js";
import { ApiError } from "./wire/api-error.js";
import { errorDelivery } from "./wire/json-delivery.js";

/** Answers one HTTP request: a fault in its place, a recording, or what its endpoint says. */
export async function serveRequest(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body: JsonValue;
  try {
    body = await readBody(request);
  } catch {
    response.destroy();
    return;
  }
  const url = new URL(request.url ?? "/", "http://simulator");
  const entry = simulation.log.open(request, url, body, simulation.clock.now());
  const exchange = new Exchange(response, entry, simulation.log);
  if (pathBelowApi(url) === undefined)
    return perform(errorDelivery(notFound(), simulation.account.userId), exchange, simulation);
  const fault = simulation.faults.take(entry);
  if (fault) {
    entry.fault = fault.kind;
    simulation.log.changed(entry);
  }
  const delivery = await deliveryFor(simulation, request, exchange, fault);
  if (delivery) await perform(delivery, exchange, simulation);
}

async function deliveryFor(
  simulation: Simulation,
  request: IncomingMessage,
  exchange: Exchange,
  fault: Fault | undefined,
): Promise<Delivery | undefined> {
  const { entry, gone } = exchange;
  try {
    const instead = fault && answerInstead(fault, factsOf(simulation, exchange));
    if (instead && "error" in instead) throw instead.error;
    if (instead && "delivery" in instead) return instead.delivery;
    if (instead) return endConnection(instead.connection, exchange);

    const recording = simulation.recordings.take(entry);
    if (recording) {
      if (fault) giveBack(simulation, exchange, fault);
      return replayDelivery(recording);
    }
    if (fault?.kind === "slow" && fault.options.delayMs) await simulation.clock.wait(fault.options.delayMs, gone);
    return await dispatch(simulation, request, exchange, fault);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (fault && !/^\d+$/.test(fault.kind)) giveBack(simulation, exchange, fault);
    return errorDelivery(error, simulation.account.userId);
  }
}

function factsOf(simulation: Simulation, { entry }: Exchange) {
  const model = entry.model === undefined ? undefined : simulation.catalogue.find(entry.model);
  return {
    stream: entry.stream,
    model: entry.model ?? "unknown/model",
    provider: model?.endpoints[0]?.providerName ?? "OpenAI",
    userId: simulation.account.userId,
    now: simulation.clock.now(),
  };
}

function endConnection(how: "reset" | "stall", exchange: Exchange): undefined {
  if (how === "stall") return undefined;
  exchange.willEnd();
  exchange.response.socket?.resetAndDestroy();
  return undefined;
}
