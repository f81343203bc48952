import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import { readUpstreamError } from "../errors/read-upstream-error.js";
import { resolveClocks, resolveRetry } from "../generate/call-defaults.js";
import { CallSignal } from "../generate/call-signal.js";
import type { CallScope, Engine } from "../generate/engine.js";
import { Exchange } from "../generate/exchange.js";
import { mayHaveCost } from "../generate/may-have-cost.js";
import type { Clock } from "../http/clock.js";
import { readBody } from "../http/read-body.js";
import type { Transport, TransportAnswer } from "../http/transport.js";
import type { ProviderCall } from "../provider/llm-provider.js";
import { requestHeaders } from "../provider/request-headers.js";
import { recordOf } from "../usage/wire-number.js";
import { type FetchBody, prepareFetchBody } from "./fetch-body.js";
import { type FetchRequest, readFetchRequest } from "./fetch-request.js";
import { failedResponse, refusalResponse, relayedResponse } from "./fetch-response.js";
import { UsageTap } from "./usage-tap.js";

export interface FetchContext {
  engine: Engine;
  transport: Transport;
  baseURL: string | undefined;
  /** What the provider sends with every request, such as the app's name. */
  headers: Readonly<Record<string, string>>;
}

const MOST_FAILURE_BYTES = 1024 * 1024;

/**
 * One request of another SDK through our transport. A JSON body is held to resolution and policy like every other;
 * its answer is relayed byte for byte, with a tap for usage. Retried like a call of our own; when the last attempt
 * fails too, upstream's own answer is handed out.
 *
 * Throws: `invalid_request` for a URL outside the base URL; what the connection threw, after the last attempt.
 */
export async function llmFetch(
  context: FetchContext,
  scope: CallScope,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const { engine, baseURL } = context;
  if (baseURL === undefined)
    throw createError("invalid_request", `the provider "${engine.provider.name}" has no base URL to fetch from`);
  const request = await readFetchRequest(input, init);
  const path = pathBelow(request.url, baseURL);
  if (path === undefined) throw createError("invalid_request", "llm.fetch serves only URLs under the client's baseURL");
  let body: FetchBody;
  try {
    body = prepareFetchBody(engine, scope, request, path);
  } catch (error) {
    return refused(error);
  }
  return relay(context, scope, request, body);
}

/**
 * What stands behind the base's own path; undefined for another origin and for a path that is not below it. The URL parser has resolved dots and escaped dots; an escaped slash
 * beside them it leaves, and whoever unescapes it upstream would climb.
 */
function pathBelow(address: string, baseURL: string): string | undefined {
  const url = new URL(address);
  const base = new URL(baseURL);
  const climbs = url.pathname.split(/\/|\\|%2f|%5c/i).some((segment) => /^(\.|%2e){2}$/i.test(segment));
  const start = `${base.pathname.replace(/\/+$/, "")}/`;
  const isBelow = !climbs && url.origin === base.origin && url.pathname.startsWith(start);
  return isBelow ? url.pathname.slice(start.length) : undefined;
}

const REFUSALS = new Set([
  "rate_limit",
  "budget_exceeded",
  "invalid_request",
  "model_not_found",
  "provider_overloaded",
]);

/** A refusal of ours is an answer; everything else is thrown. */
function refused(error: unknown): Response {
  if (LLMError.is(error) && error.upstream === undefined && REFUSALS.has(error.code)) return refusalResponse(error);
  throw error;
}

async function relay(
  context: FetchContext,
  scope: CallScope,
  request: FetchRequest,
  body: FetchBody,
): Promise<Response> {
  const { engine } = context;
  const leave = engine.calls.enter();
  const clocks = resolveClocks(body.streams, ...scope.timeouts);
  const signal = new CallSignal([request.signal, ...scope.signals, engine.closing], clocks.totalMs, engine.clock);
  const end = () => {
    signal.release();
    leave();
  };
  const exchange = new Exchange(engine, scope, {
    ...body,
    operation: "relay",
    clocks,
    retry: resolveRetry(scope.retry),
    headers: request.headers,
    signal: signal.signal,
    user: typeof body.body.user === "string" ? body.body.user : scope.user,
    metadata: tagsOf(scope, body),
  });
  for (;;) {
    let failure: { answer: TransportAnswer; text: string } | undefined;
    try {
      const answer = await exchange.attempt((call) => send(context, request, body, call));
      if (answer.status < 400)
        return relayed(answer, exchange, { body, clock: engine.clock, idleMs: clocks.idleMs, end });
      const text = await readBody(answer.source, MOST_FAILURE_BYTES, true);
      failure = { answer, text };
      const { secrets, longestWaitMs } = exchange;
      const now = engine.clock.date();
      throw readUpstreamError(answer.status, text, answer.headers, { secrets, longestWaitMs, now });
    } catch (error) {
      try {
        await exchange.failed(error, false);
      } catch (last) {
        await exchange.books.release();
        end();
        return failure === undefined || signal.signal.aborted
          ? refused(last)
          : failedResponse(failure.answer, failure.text, last);
      }
    }
  }
}

/** What the scope and the body say of the call, as for a call of our own. */
function tagsOf({ metadata }: CallScope, { body }: FetchBody): Readonly<Record<string, string>> | undefined {
  const own = Object.entries(recordOf(body.metadata) ?? {}).filter((pair): pair is [string, string] => {
    return typeof pair[1] === "string";
  });
  return own.length === 0 ? metadata : { ...metadata, ...Object.fromEntries(own) };
}

/** What surrounds the relaying of one answer. */
interface Relay {
  body: FetchBody;
  clock: Clock;
  idleMs: number;
  end: () => void;
}

/** Upstream's bytes as they come; what they cost is booked when they end, however they end. */
function relayed(answer: TransportAnswer, exchange: Exchange, { body, clock, idleMs, end }: Relay): Response {
  const tap = new UsageTap(answer.headers["content-type"]);
  if (body.counted && answer.status < 300) exchange.begun(answer.headers["x-generation-id"]);
  const received = () => ({
    generationId: answer.headers["x-generation-id"] ?? tap.generationId,
    characters: tap.characters,
  });
  const book = async (whole: boolean) => {
    if (!body.counted) return;
    // A redirect, or a body that holds an error and no usage, was not billed, unless a look-up says so.
    exchange.report?.answered({ generationId: received().generationId });
    exchange.books.refused = tap.failed || answer.status >= 300;
    if (whole && !exchange.books.refused) await exchange.books.settle(tap.usage, received());
    else await exchange.books.abandon(tap.usage, received());
  };
  return relayedResponse(answer, {
    clock,
    idleMs,
    tap(bytes) {
      tap.add(bytes);
      if (tap.characters > 0) exchange.firstToken();
    },
    reason: (error) => exchange.explain(error),
    async end(whole, failure) {
      if (!whole || tap.failed) exchange.brokeOff(failure);
      exchange.succeeded(answer.status, received().generationId);
      const code = failure?.code ?? (tap.failed ? "provider_error" : undefined);
      if (code !== undefined) exchange.report?.failed(code, failure !== undefined && mayHaveCost(failure));
      try {
        await book(whole);
      } finally {
        end();
      }
    },
  });
}

function send(
  context: FetchContext,
  request: FetchRequest,
  body: FetchBody,
  call: ProviderCall,
): Promise<TransportAnswer> {
  const { clocks } = call;
  return context.transport({
    method: request.method,
    url: request.url,
    headers: requestHeaders({
      fixed: context.headers,
      call,
      streaming: body.streams,
      hasBody: body.sent !== undefined,
    }),
    body: body.sent,
    signal: call.signal,
    connectMs: clocks?.connectMs ?? 0,
    headersMs: body.streams ? (clocks?.idleMs ?? 0) : 0,
    idleMs: clocks?.idleMs ?? 0,
    answerMs: body.streams ? 0 : (clocks?.firstTokenMs ?? 0),
    resend: call.resend,
    takesRedirects: true,
  });
}
