import type { ChatBody, ChatChunk, ChatCompletion } from "../messages/chat-body.js";
import type { OpenRouterCacheAnswer } from "../messages/router-metadata.js";

/** The four clocks, in milliseconds; 0 is off. */
export interface Clocks {
  /** Until the socket is ready. */
  connectMs: number;
  /** Until the first text, reasoning or call delta; keep-alives do not feed it. */
  firstTokenMs: number;
  /** Between any two bytes, and for streams from sending to headers. */
  idleMs: number;
  /** Waiting and retries included. */
  totalMs: number;
}

/** What the caller of a provider hands along with the body: one attempt's key, signal and clocks. */
export interface ProviderCall {
  /** The key of this attempt; absent means no Authorization header. */
  apiKey?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Aborting it closes the connection at once; the provider then rejects. */
  signal?: AbortSignal | undefined;
  clocks?: Clocks | undefined;
  /** Nobody waits for it: it must not keep the process alive. */
  background?: boolean | undefined;
  /**
   * False where retries are off: a request that met a kept connection just as the server closed it is not sent a
   * second time either. @default true
   */
  resend?: boolean | undefined;
  /**
   * The longest wait, in milliseconds, that the call has time for before another attempt: up to it, a failure that
   * asks to come back later is retryable. @default 60_000, and never less
   */
  longestWaitMs?: number | undefined;
}

/** What headers tell beside status and id. */
export interface HeaderFacts {
  /** Whether the answer came out of OpenRouter's own store of answers. */
  readonly openRouterCache?: OpenRouterCacheAnswer | undefined;
}

/** A whole answer with what its headers told. */
export interface ChatAnswer extends HeaderFacts {
  body: ChatCompletion;
  status?: number | undefined;
  generationId?: string | undefined;
}

/**
 * A running stream. Iterating it yields arrays of wire chunks, one array per network read; an empty array is a
 * keep-alive. It ends when `[DONE]` or the end of the body was read, and throws an LLMError for everything else.
 */
export interface ChunkStream extends AsyncIterable<ChatChunk[]>, HeaderFacts {
  readonly status?: number | undefined;
  readonly generationId?: string | undefined;
  /** True once `[DONE]` was read: an end without it and without a finish word is a cut. */
  readonly done: boolean;
  /** Closes the connection; idempotent, never throws. */
  close(): void;
}

/** The body of an embeddings request, in wire shape. */
export interface EmbedBody {
  model?: string | undefined;
  input: unknown;
  [field: string]: unknown;
}
/** The body of a rerank request, in wire shape. */
export interface RerankBody {
  model?: string | undefined;
  query: string;
  documents: unknown[];
  [field: string]: unknown;
}
/** A JSON answer of an endpoint other than chat, in wire shape. */
export interface JsonAnswer extends HeaderFacts {
  body: unknown;
  status?: number | undefined;
  generationId?: string | undefined;
}

/**
 * The port behind which every model service stands. `chat` and `chatStream` make one attempt; retries, limits,
 * budgets and metering stand above it and work for any implementation.
 */
export interface LLMProvider {
  /** `openrouter`, `openai`, `custom`, or a name of your own. */
  readonly name: string;
  /** The model used where neither the call nor the client names one. */
  readonly defaultModel?: string | undefined;
  /** Asks for a whole answer, once. Rejects with an LLMError; aborting `call.signal` rejects with `aborted`. */
  chat(body: ChatBody, call: ProviderCall): Promise<ChatAnswer>;
  /** Resolves with the headers. */
  chatStream(body: ChatBody, call: ProviderCall): Promise<ChunkStream>;
  /** Asks for vectors, once; a provider without it fails `llm.embed()` with `invalid_request`. */
  embed?(body: EmbedBody, call: ProviderCall): Promise<JsonAnswer>;
  /** Asks for an order of documents, once; a provider without it fails `llm.rerank()` with `invalid_request`. */
  rerank?(body: RerankBody, call: ProviderCall): Promise<JsonAnswer>;
  /**
   * What models there are, for `llm.models.refresh()`: a body of rows, `{ data: [{ id, … }] }`, as `GET /models` gives.
   * Without it that path is asked for by `get`.
   *
   * @param query - `output_modalities`, separated by commas, where they are asked for
   */
  models?(query: Readonly<Record<string, string>>, call: ProviderCall): Promise<JsonAnswer>;
  /** GET of a path below the base URL, such as `/models` or `/generation?id=…`. */
  get?(path: string, call: ProviderCall): Promise<JsonAnswer>;
  /** Gives back what the provider holds, such as idle sockets. Called once, by `llm.close()`. */
  close?(): void | Promise<void>;
}
