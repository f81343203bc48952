import { createError, extendError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import { findErrorInBody } from "../errors/read-error-body.js";
import { upstreamErrors } from "../errors/upstream-errors.js";
import type { BaseURL } from "../http/base-url.js";
import type { Clock } from "../http/clock.js";
import { readBody } from "../http/read-body.js";
import type { Transport, TransportAnswer } from "../http/transport.js";
import type { OpenRouterCacheAnswer } from "../messages/router-metadata.js";
import type { Clocks, ProviderCall } from "./llm-provider.js";
import { readCacheHeaders } from "./openrouter/read-cache-headers.js";
import { requestHeaders } from "./request-headers.js";

/** The clocks of a call that brings none of its own. */
const DEFAULT_CLOCKS: Clocks = { connectMs: 10_000, firstTokenMs: 600_000, idleMs: 60_000, totalMs: 0 };
/** Enough of a body that only explains a failure. */
const MAX_FAILURE_BYTES = 1024 * 1024;

/** What both adapters need of HTTP. */
export interface ServiceOptions {
  base: BaseURL;
  transport: Transport;
  clock: Clock;
  /** Sent with every request; lower-case names, legal values. */
  headers: Readonly<Record<string, string>>;
}

/** One request below the base address. */
export interface ServiceRequest {
  method: "GET" | "POST";
  path: string;
  body?: object | undefined;
  call: ProviderCall;
  /** Headers are waited for with the idle clock, and the answer as a whole with none. */
  streaming: boolean;
}

/** What is known about a request that was answered, for the errors that its body may still hold. */
export interface Answered {
  answer: TransportAnswer;
  status: number;
  generationId: string | undefined;
  openRouterCache: OpenRouterCacheAnswer | undefined;
  /** The {@link LLMError} for a parsed body or chunk that holds an error; undefined where it holds none. */
  errorIn(body: unknown): Promise<LLMError | undefined>;
  /** The same failure, with what the headers told. */
  withHeaders(error: LLMError): LLMError;
}

/** Requests to one service: headers, clocks, and the reading of answers that are failures. */
export class HttpService {
  readonly #options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** Resolves with an answer of status 2xx; every other one is read and thrown. */
  async send(request: ServiceRequest): Promise<Answered> {
    const { base, transport, clock, headers } = this.#options;
    const { call, streaming } = request;
    const clocks = call.clocks ?? DEFAULT_CLOCKS;
    const body = request.body === undefined ? undefined : serialise(request.body);
    const url = base.below(request.path);
    const sent = requestHeaders({ fixed: headers, call, streaming, hasBody: body !== undefined });
    const answer = await transport({
      method: request.method,
      url,
      headers: sent,
      body,
      signal: call.signal,
      connectMs: clocks.connectMs,
      headersMs: streaming ? clocks.idleMs : 0,
      idleMs: clocks.idleMs,
      answerMs: streaming ? 0 : clocks.firstTokenMs,
      background: call.background,
      resend: call.resend,
    });
    const { status } = answer;
    const generationId = answer.headers["x-generation-id"];
    const model = (request.body as { model?: unknown } | undefined)?.model;
    const context = () => ({
      model: typeof model === "string" ? model : undefined,
      secrets: [sent.authorization?.replace(/^Bearer /, "")],
      now: clock.date(),
      longestWaitMs: call.longestWaitMs,
      sentBytes: body === undefined ? undefined : Buffer.byteLength(body),
    });
    if (status < 200 || status > 299) {
      const text = await readBody(answer.source, MAX_FAILURE_BYTES, true);
      const { readUpstreamError } = await upstreamErrors();
      throw readUpstreamError(status, text, answer.headers, context());
    }
    return {
      answer,
      status,
      generationId,
      openRouterCache: readCacheHeaders(answer.headers),
      async errorIn(parsed) {
        const found = findErrorInBody(parsed);
        if (found === undefined) return undefined;
        const { readUpstreamError } = await upstreamErrors();
        return readUpstreamError(status, { error: found.error }, answer.headers, {
          ...context(),
          servedBy: found.provider,
        });
      },
      withHeaders: adding(generationId),
    };
  }

  /** Closes what the transport itself opened. */
  close(): void {
    this.#options.transport.close?.();
  }
}

/** By itself, since a stream keeps it to its end: made inside `send`, it would keep the request as well. */
function adding(generationId: string | undefined): (error: LLMError) => LLMError {
  return (error) => (generationId === undefined ? error : extendError(error, { generationId }));
}

/** Keys in the order in which they were set: OpenRouter's response cache compares bodies as text. */
function serialise(body: object): string {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw createError("invalid_request", "the request cannot be written as JSON", { cause });
  }
}
