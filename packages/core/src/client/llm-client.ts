import { createError } from "../errors/error-classes.js";
import type { EmbedRequest, EmbedResult } from "../generate/embed.js";
import type { CallScope, Engine, ScopeSettings } from "../generate/engine.js";
import { generate, stream } from "../generate/generate.js";
import type { GenerateRequest } from "../generate/generate-request.js";
import type { GenerateResult } from "../generate/generate-result.js";
import type { GenerateStream } from "../generate/generate-stream-type.js";
import { jsonCalls } from "../generate/json-calls.js";
import type { RerankRequest, RerankResult } from "../generate/rerank.js";
import type { StructuredRequest, StructuredResultOf, StructuredStreamOf } from "../generate/structured-types.js";
import { withPart } from "../generate/with-part.js";
import type { Models } from "../models/models.js";
import type { Schema } from "../structured/schema.js";
import { streamStructured } from "../structured/stream-structured.js";
import { structuredPart } from "../structured/structured-part.js";
import type { UsageMeter } from "../usage/meter.js";
import type { Account } from "./account.js";
import { addLayer, type RunLayer } from "./call-scope.js";
import type { LLMClientOptions, ScopeOptions } from "./client-options.js";
import type { LLM, LLMEvents } from "./llm.js";
import { checkNode } from "./node-version.js";
import { checkScope } from "./option-checks.js";
import { createRoot, type Root } from "./root.js";

/** Lets `scope()` build a child without options of its own. */
const CHILD = Symbol("child");
interface ChildOptions {
  [CHILD]: { parent: LLMClient; root: Root; scope: ScopeSettings; seen: readonly RunLayer[] };
}

/**
 * A client of OpenRouter, of OpenAI, of an OpenAI-compatible server, or of a provider of your own.
 *
 * Shape: `new LLMClient()` reads everything from the environment and `.env`; options win over variables.
 * Throws: `ConfigurationError` at construction, with every mistake at once; no network I/O happens there.
 * Cancels: `close()` ends what is under way; sockets and timers never keep the process alive.
 */
export class LLMClient implements LLM {
  readonly #root: Root;
  readonly #scope: ScopeSettings;
  /** The layers of `run()` that were around when this client was made: they are part of its scope already. */
  readonly #seen: readonly RunLayer[];
  readonly #parent: LLMClient | undefined;

  /** Reads and checks all options; opens nothing. */
  constructor(options: LLMClientOptions = {}) {
    if (typeof options !== "object" || options === null || Array.isArray(options))
      throw createError("invalid_config", "client options are an object such as { apiKey }");
    if (CHILD in options) {
      const { parent, root, scope, seen } = (options as unknown as ChildOptions)[CHILD];
      this.#parent = parent;
      this.#root = root;
      this.#seen = seen;
      this.#scope = scope;
    } else {
      checkNode();
      const { root, scope } = createRoot(options);
      this.#root = root;
      this.#seen = [];
      this.#scope = scope;
    }
  }

  /** `openrouter`, `openai`, `custom`, or the name of your own provider. */
  get provider(): string {
    return this.#root.engine.provider.name;
  }

  /** Where requests go; undefined for a provider of your own. */
  get baseURL(): string | undefined {
    return this.#root.baseURL;
  }

  /** The model used where a call names none, as it was configured. */
  get model(): string | undefined {
    return this.#scope.model ?? this.#root.engine.provider.defaultModel;
  }

  get models(): Models {
    return this.#root.models;
  }

  get usage(): UsageMeter {
    return this.#root.engine.meter;
  }

  get account(): Account {
    return this.#root.account(this.#callScope());
  }

  /**
   * Asks for a whole answer.
   *
   * Throws: an LLMError; retried failures only after the last attempt. Aborting `signal` rejects with `aborted`.
   */
  async generate(request: GenerateRequest): Promise<GenerateResult> {
    return generate(this.#engine, this.#callScope(), request);
  }

  /** Asks for a streamed answer; sent in the next microtask. Never throws: failures come out of the stream. */
  stream(request: GenerateRequest): GenerateStream {
    const scope = this.#callScope();
    return stream(this.#engine, scope, request);
  }

  /**
   * Asks for an object that fits `schema`, over as many rungs and re-asks as it takes.
   *
   * Throws: `structured_output` with the validator's issues when none fits, and everything `generate()` throws.
   */
  async generateStructured<S extends Schema>(request: StructuredRequest<S>): Promise<StructuredResultOf<S>> {
    const scope = this.#callScope();
    return withPart(structuredPart, request, (part, asked) => part.generateStructured(this.#engine, scope, asked));
  }

  /** Asks for an object and gives it while it grows. Never throws: failures come out of the stream. */
  streamStructured<S extends Schema>(request: StructuredRequest<S>): StructuredStreamOf<S> {
    return streamStructured(this.#engine, this.#callScope(), request);
  }

  /** Turns texts into vectors. */
  async embed(request: EmbedRequest): Promise<EmbedResult> {
    const scope = this.#callScope();
    return withPart(jsonCalls, request, (part, asked) => part.embed(this.#engine, scope, asked));
  }

  /** Orders documents by how well they answer a query. */
  async rerank(request: RerankRequest): Promise<RerankResult> {
    const scope = this.#callScope();
    return withPart(jsonCalls, request, (part, asked) => part.rerank(this.#engine, scope, asked));
  }

  /**
   * A child that adds to this client's settings and shares everything else; it needs no closing.
   *
   * Throws: `invalid_request` for an option that is not known or out of range.
   */
  scope(options: ScopeOptions): LLMClient {
    checkScope(options);
    return childOf(this, this.#root, addLayer(this.#callScope(), options), this.#root.storage.layers);
  }

  /** Runs `fn` so that every call of this client and of its children inside it, awaited or not, carries the scope. */
  run<T>(options: ScopeOptions, fn: () => T): T {
    checkScope(options);
    addLayer(this.#scope, options);
    return this.#root.storage.run({ owner: this, options }, fn);
  }

  /**
   * Listens until the function it returns is called.
   *
   * Throws: `invalid_request` for an event that does not exist, and for a listener that is no function.
   */
  on<K extends keyof LLMEvents>(event: K, listener: (value: LLMEvents[K]) => void): () => void {
    return this.#root.listeners.add(event, listener);
  }

  /**
   * A `fetch` for other SDKs that goes through this client's transport, key, retries, limits, budgets, policy and
   * meter. URLs under `baseURL` only; no redirect is followed but handed out; a refusal of ours is an OpenAI-shaped answer.
   */
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    return this.#root.fetch(this.#callScope(), input, init);
  }

  /** Waits until costs that are being looked up are known, at most `timeoutMs` (default 5,000). */
  async settled(options: { timeoutMs?: number | undefined } = {}): Promise<void> {
    await this.#root.background.settled(options.timeoutMs ?? 5_000, this.#engine.clock);
  }

  /**
   * Ends the client: calls under way get `graceMs` (default 0), then abort. With a grace, what they have cost is looked
   * up for as long again, 5 s at most; without one it stays an estimate. All of it is booked then, where the ledger and
   * the stores answer within 5 s. Idempotent; closes nothing that was injected.
   * Closing a child does nothing: what it uses belongs to all.
   */
  async close(options: { graceMs?: number | undefined } = {}): Promise<void> {
    if (this.#parent === undefined) await this.#root.close(options.graceMs ?? 0);
  }

  get #engine(): Engine {
    return this.#root.engine;
  }

  #callScope(): CallScope {
    const layers = this.#root.storage.layers;
    const entered = layers.filter((layer) => !this.#seen.includes(layer) && this.#stemsFrom(layer.owner));
    const scope = entered.reduce<ScopeSettings>((sum, layer) => addLayer(sum, layer.options), this.#scope);
    // What a tool calls is charged as this call is, wherever its stream happens to be read.
    return { ...scope, llm: () => childOf(this, this.#root, scope, layers) };
  }

  #stemsFrom(owner: object): boolean {
    let client: LLMClient | undefined = this;
    while (client !== undefined && client !== owner) client = client.#parent;
    return client === owner;
  }
}

/** Outside of the class: a class that names itself is renamed when it is bundled. */
function childOf(parent: LLMClient, root: Root, scope: ScopeSettings, seen: readonly RunLayer[]): LLMClient {
  const child: ChildOptions = { [CHILD]: { parent, root, scope, seen } };
  return new LLMClient(child as unknown as LLMClientOptions);
}
