import { createError } from "../errors/error-classes.js";
import { enforcePolicy } from "../models/policy.js";
import type { EmbedBody, JsonAnswer, ProviderCall, RerankBody } from "../provider/llm-provider.js";
import { resolveClocks, resolveRetry } from "./call-defaults.js";
import { CallSignal } from "./call-signal.js";
import { checkSignalAndHeaders } from "./check-request.js";
import { buildEmbedBody, type EmbedRequest, type EmbedResult, readEmbedAnswer } from "./embed.js";
import type { CallScope, Engine } from "./engine.js";
import { Exchange } from "./exchange.js";
import { failureInBody } from "./failure-in-body.js";
import type { RetryOptions, TimeoutOptions } from "./generate-request.js";
import { EMBED_REQUEST_KEYS, RERANK_REQUEST_KEYS, refuseUnknownKeys } from "./known-keys.js";
import { chooseModel } from "./prepare-call.js";
import { present } from "./present.js";
import { buildRerankBody, type RerankRequest, type RerankResult, readRerankAnswer } from "./rerank.js";
import { wireRouting } from "./wire-routing.js";

/** Turns inputs into vectors: one request with everything that surrounds a call. */
export async function embed(engine: Engine, scope: CallScope, request: EmbedRequest): Promise<EmbedResult> {
  checkJsonRequest(request, EMBED_REQUEST_KEYS, "{ input }");
  const { provider } = engine;
  const made = await jsonCall(
    engine,
    scope,
    request,
    (wire) => buildEmbedBody(request, wire),
    provider.embed?.bind(provider),
    "embeddings",
  );
  return { ...readEmbedAnswer(made.answer.body, made.model.sent), ...made.around };
}

/** Orders documents by relevance: one request with everything that surrounds a call. */
export async function rerank(engine: Engine, scope: CallScope, request: RerankRequest): Promise<RerankResult> {
  checkJsonRequest(request, RERANK_REQUEST_KEYS, "{ query, documents }");
  const { provider } = engine;
  const made = await jsonCall(
    engine,
    scope,
    request,
    (wire) => buildRerankBody(request, wire),
    provider.rerank?.bind(provider),
    "rerank",
  );
  return { ...readRerankAnswer(made.answer.body, made.model.sent), ...made.around };
}

function checkJsonRequest(request: JsonRequest, keys: readonly string[], shape: string): void {
  if (typeof request !== "object" || request === null)
    throw createError("invalid_request", `a request is an object such as ${shape}`);
  refuseUnknownKeys("request", request, keys);
  checkSignalAndHeaders(request);
}

interface JsonRequest {
  model?: string | undefined;
  user?: string | undefined;
  extraBody?: Readonly<Record<string, unknown>> | undefined;
  routing?: EmbedRequest["routing"];
  headers?: Readonly<Record<string, string>> | undefined;
  signal?: AbortSignal | undefined;
  timeouts?: TimeoutOptions | undefined;
  retry?: false | RetryOptions | undefined;
}

type Send<B> = (body: B, call: ProviderCall) => Promise<JsonAnswer>;

async function jsonCall<B extends EmbedBody | RerankBody>(
  engine: Engine,
  scope: CallScope,
  request: JsonRequest,
  build: (wire: { model: string; provider?: Record<string, unknown> | undefined }) => B,
  send: Send<B> | undefined,
  what: string,
) {
  if (send === undefined)
    throw createError("invalid_request", `the provider "${engine.provider.name}" offers no ${what}`);
  const asked = request.extraBody?.model;
  const model = chooseModel(engine, scope, typeof asked === "string" ? asked : request.model);
  const provider = wireRouting(model.routing, scope.routing, request.routing);
  const user = request.user ?? scope.user;
  const built = { ...build({ model: model.sent, provider }), model: model.sent, ...present({ user }) };
  const body = enforcePolicy(built, scope.policies, engine.provider.name);
  for (const warning of model.warnings) engine.emit("warning", warning);
  const clocks = resolveClocks(false, ...scope.timeouts, request.timeouts);
  const leave = engine.calls.enter();
  const signal = new CallSignal([request.signal, ...scope.signals, engine.closing], clocks.totalMs, engine.clock);
  const exchange = new Exchange(engine, scope, {
    body,
    clocks,
    retry: resolveRetry(scope.retry, request.retry),
    headers: request.headers,
    signal: signal.signal,
    model,
    user,
    metadata: scope.metadata,
  });
  try {
    const answer = await answered(exchange, body, send, () => engine.clock.date());
    const { generationId } = answer;
    const booked = await exchange.books.settle((answer.body as { usage?: unknown }).usage, {
      generationId,
      characters: 0,
    });
    return {
      answer,
      model,
      around: {
        ...present({ ...booked, generationId }),
        resolvedModel: model,
        warnings: model.warnings,
        attempts: exchange.attempts,
      },
    };
  } catch (error) {
    await exchange.books.release();
    throw error;
  } finally {
    signal.release();
    leave();
  }
}

async function answered<B extends EmbedBody | RerankBody>(
  exchange: Exchange,
  body: B,
  send: Send<B>,
  now: () => number,
): Promise<JsonAnswer> {
  for (;;) {
    try {
      const answer = await exchange.attempt((call) => send(body, call));
      if (typeof answer.body !== "object" || answer.body === null)
        throw createError("invalid_response", "the answer is not a JSON object");
      const { generationId } = answer;
      const { secrets } = exchange;
      const failure = failureInBody(answer.body, { model: body.model, generationId, secrets, now: now() });
      if (failure !== undefined) throw failure;
      exchange.succeeded(answer.status, answer.generationId);
      return answer;
    } catch (error) {
      await exchange.failed(error, false);
    }
  }
}
