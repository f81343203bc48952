import { createError, extendError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import { enforcePolicy } from "../models/policy.js";
import { partOf } from "../provider/broken-answer.js";
import type { EmbedBody, JsonAnswer, ProviderCall, RerankBody } from "../provider/llm-provider.js";
import { recordOf } from "../usage/wire-number.js";
import { resolveClocks, resolveRetry } from "./call-defaults.js";
import { CallSignal } from "./call-signal.js";
import { checkOptions } from "./check-options.js";
import { checkSurroundings } from "./check-request.js";
import { countInputs, type EmbedAnswer, type EmbedRequest, type EmbedResult, readEmbedAnswer } from "./embed.js";
import type { CallScope, Engine } from "./engine.js";
import { Exchange } from "./exchange.js";
import { failureInBody } from "./failure-in-body.js";
import { EMBED_OPTIONS, RERANK_OPTIONS } from "./json-options.js";
import type { JsonRequest } from "./json-request.js";
import { optionHeaders } from "./option-headers.js";
import { type OptionTable, sentRows } from "./option-table.js";
import { chooseModel } from "./prepare-call.js";
import { present } from "./present.js";
import { type RerankAnswer, type RerankRequest, type RerankResult, readRerankAnswer } from "./rerank.js";
import { wireRouting } from "./wire-routing.js";
import { writeBody } from "./write-body.js";

/** Turns inputs into vectors: one request with everything that surrounds a call. */
export async function embed(engine: Engine, scope: CallScope, request: EmbedRequest): Promise<EmbedResult> {
  checkJsonRequest(request, EMBED_OPTIONS, "{ input }");
  const { provider } = engine;
  const { openRouterCache, ...made } = await jsonCall<EmbedBody, EmbedAnswer>(engine, scope, request, {
    what: "embeddings",
    send: provider.embed?.bind(provider),
    rows: EMBED_ROWS,
    read: (answer, model, { input }) => readEmbedAnswer(answer, model, countInputs(input)),
  });
  return { ...made, ...present({ openRouterCache }) };
}

/** Orders documents by relevance: one request with everything that surrounds a call. */
export async function rerank(engine: Engine, scope: CallScope, request: RerankRequest): Promise<RerankResult> {
  checkJsonRequest(request, RERANK_OPTIONS, "{ query, documents }");
  const { provider } = engine;
  const { openRouterCache: _, ...made } = await jsonCall<RerankBody, RerankAnswer>(engine, scope, request, {
    what: "rerank",
    send: provider.rerank?.bind(provider),
    rows: RERANK_ROWS,
    read: (answer, model, { documents }) => readRerankAnswer(answer, model, documents?.length),
  });
  return made;
}

const EMBED_ROWS = sentRows(EMBED_OPTIONS);
const RERANK_ROWS = sentRows(RERANK_OPTIONS);

function checkJsonRequest<T extends JsonRequest>(request: T, table: OptionTable<T>, shape: string): void {
  if (typeof request !== "object" || request === null)
    throw createError("invalid_request", `a request is an object such as ${shape}`);
  checkOptions("request", request, table);
  for (const name of REQUIRED) {
    if (name in table && Reflect.get(request, name) === undefined)
      throw createError("invalid_request", `\`${name}\` is missing: a request is an object such as ${shape}`);
  }
  checkSurroundings(request);
}

const REQUIRED = ["input", "query", "documents"];

/** One endpoint: its name, who asks it, the fields of its body and the reader of its answer. */
interface Endpoint<B, A> {
  what: "embeddings" | "rerank";
  send: Send<B> | undefined;
  rows: Parameters<typeof writeBody>[0];
  read: (answer: unknown, requestedModel: string, sent: B) => A;
}

type Send<B> = (body: B, call: ProviderCall) => Promise<JsonAnswer>;

async function jsonCall<B extends EmbedBody | RerankBody, A extends object>(
  engine: Engine,
  scope: CallScope,
  request: JsonRequest & Pick<EmbedRequest, "openRouterCache">,
  { what, send, rows, read }: Endpoint<B, A>,
) {
  if (send === undefined)
    throw createError("invalid_request", `the provider "${engine.provider.name}" offers no ${what}`);
  const asked = request.extraBody?.model;
  const model = chooseModel(engine, scope, typeof asked === "string" ? asked : request.model);
  const routing = wireRouting(model.routing, scope.routing, request.routing);
  const values = { ...request, model: model.sent, routing, user: request.user ?? scope.user };
  const built = { ...writeBody(rows, values, request.extraBody), model: model.sent };
  const body = enforcePolicy<EmbedBody | RerankBody>(built as EmbedBody, scope.policies, engine.provider.name) as B;
  for (const warning of model.warnings) engine.emit("warning", warning);
  const clocks = resolveClocks(false, ...scope.timeouts, request.timeouts);
  const leave = engine.calls.enter();
  const signal = new CallSignal([request.signal, ...scope.signals, engine.closing], clocks.totalMs, engine.clock);
  const exchange = new Exchange(engine, scope, {
    operation: what,
    body,
    clocks,
    retry: resolveRetry(scope.retry, request.retry),
    headers: optionHeaders(request, engine.provider.name, request.sessionId),
    signal: signal.signal,
    model,
    user: values.user,
    metadata: scope.metadata,
  });
  try {
    const answer = await answered(exchange, body, send, () => engine.clock.date());
    const { openRouterCache } = answer;
    const { usage: rawUsage, id } = answer.body as { usage?: unknown; id?: unknown };
    const generationId = answer.generationId ?? (typeof id === "string" && id !== "" ? id : undefined);
    exchange.report?.answered({ generationId });
    const found = readWith(exchange, generationId, () => read(answer.body, model.sent, body));
    const booked = await exchange.books.settle(rawUsage, { generationId, characters: 0 });
    const { attempts } = exchange;
    return {
      ...found(),
      ...present({ ...booked, generationId, openRouterCache }),
      resolvedModel: model,
      warnings: model.warnings,
      attempts,
    };
  } catch (error) {
    await exchange.books.release();
    throw error;
  } finally {
    signal.release();
    leave();
  }
}

/**
 * Reads an answer, and gives what it holds, or throws, once it is booked: a body that is no answer was still asked for,
 * and may have been billed.
 */
function readWith<A>(exchange: Exchange, generationId: string | undefined, read: () => A): () => A {
  try {
    const found = read();
    return () => found;
  } catch (thrown) {
    const { attempts } = exchange;
    const error = LLMError.is(thrown)
      ? extendError(thrown, { attempts, generationId: thrown.generationId ?? generationId })
      : thrown;
    if (LLMError.is(error)) exchange.report?.failed(error.code, false);
    return () => {
      throw error;
    };
  }
}

async function answered<B extends EmbedBody | RerankBody>(
  exchange: Exchange,
  body: B,
  send: Send<B>,
  now: () => number,
): Promise<JsonAnswer> {
  for (;;) {
    let said: unknown;
    try {
      const answer = await exchange.attempt((call) => send(body, call));
      said = answer.body;
      if (typeof answer.body !== "object" || answer.body === null)
        throw createError("invalid_response", "the answer is not a JSON object");
      const { generationId } = answer;
      const { secrets, longestWaitMs } = exchange;
      const asked = { model: body.model, generationId, secrets, longestWaitMs, now: now() };
      const failure = failureInBody(answer.body, asked);
      if (failure !== undefined) throw await failure.explain();
      exchange.succeeded(answer.status, answer.generationId);
      return answer;
    } catch (error) {
      // A failure may name what it has cost.
      const { usage, id } = recordOf(partOf(error) ?? said) ?? {};
      exchange.books.gaveUp(recordOf(usage), typeof id === "string" ? id : undefined);
      await exchange.failed(error, false);
    }
  }
}
