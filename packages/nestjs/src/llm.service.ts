import type {
  ChatRun,
  GenerateRequest,
  GenerateResult,
  Infer,
  InferPartial,
  LLM,
  LLMClient,
  Pipeline,
  Schema,
  StepEvent,
  StreamEvent,
  StructuredRequest,
  StructuredResult,
  Tool,
} from "@signalbox/core";
import { InvalidRequestError, runPipeline } from "@signalbox/core";
import type { Observable } from "rxjs";
import type { HttpRequest } from "./http-request.js";
import type { LLMRequests } from "./llm-requests.js";
import type { LLMTools } from "./llm-tools.js";
import { type Stoppable, StreamObservable } from "./stream-observable.js";

/** What `runPipeline()` takes beside the client. */
export type StepsOptions = Omit<Parameters<typeof runPipeline>[2], "llm">;

/** What a service has from the application it lives in. */
export interface LLMServiceHost {
  requests: LLMRequests;
  tools: LLMTools;
}

/**
 * The service that is injected: a client with Promises for whole answers and cold Observables for running ones.
 *
 * Shape: each subscription of an Observable is one call, and one bill. Its call belongs to the request in which the
 * Observable was made.
 * Throws: Promises reject and Observables fail with the client's errors (`LLMError`).
 * Cancels: unsubscribing aborts the call before it returns.
 */
export class LLMService {
  readonly client: LLMClient;
  readonly #host: LLMServiceHost | undefined;
  readonly #request: HttpRequest | undefined;
  /** The client without what ends its calls with their request. */
  readonly #lasting: LLMClient;

  /**
   * Made by the module; in a unit test by hand, from a client alone.
   *
   * @param client - whatever has the shape of a client
   */
  constructor(client: LLM, host?: LLMServiceHost, request?: HttpRequest, lasting: LLM = client) {
    // A client of another install has the same shape but is, to the compiler, another class.
    this.client = client as LLMClient;
    this.#host = host;
    this.#request = request;
    this.#lasting = lasting as LLMClient;
  }

  /** Asks for a whole answer. */
  generate(request: GenerateRequest): Promise<GenerateResult> {
    return this.client.generate(request);
  }

  /** Asks for an object that fits `schema`. */
  generateStructured<S extends Schema>(request: StructuredRequest<S>): Promise<StructuredResult<Infer<S>>> {
    return this.client.generateStructured(request);
  }

  /** The text of an answer, piece by piece. */
  text$(request: GenerateRequest): Observable<string> {
    return this.#cold(() => {
      const stream = this.client.stream(request);
      return stoppable(stream, stream);
    });
  }

  /** Everything that happens in an answer; `finish` with the result is last. */
  events$(request: GenerateRequest): Observable<StreamEvent> {
    const open = () => this.client.stream(request);
    return this.#cold(() => {
      const stream = open();
      return stoppable(stream.events, stream);
    }, open);
  }

  /** Growing partials of an object; completes once the whole has been validated. */
  partials$<S extends Schema>(request: StructuredRequest<S>): Observable<InferPartial<S>> {
    return this.#cold(() => {
      const stream = this.client.streamStructured(request);
      async function* untilValid() {
        yield* stream;
        await stream.result;
      }
      return stoppable(untilValid(), stream);
    });
  }

  /** The events of a pipeline's run. Unsubscribing stops the run; what it has finished is kept in `options.store`. */
  steps$<Input>(
    pipeline: Pipeline<Input>,
    input: Input | undefined,
    options: StepsOptions = {},
  ): Observable<StepEvent> {
    return this.#cold(() => runPipeline(pipeline, input, { ...options, llm: this.client }));
  }

  /**
   * Starts work that goes on when the client leaves: `llm.detach((client) => startChatRun(client, request, { store }))`.
   *
   * Shape: calls `start` at once and gives what it gives. What is asked for inside is charged as everything in the
   * request is (its scope, `@LLMBudget`, `@LLMLimit`), and ends neither with the request nor with its answer. A chat
   * run that is given back is waited for when the application shuts down, and ended when the grace is over.
   */
  detach<T>(start: (client: LLMClient) => T): T {
    const begin = () => start(this.#lasting);
    if (this.#host === undefined) return begin();
    const { requests } = this.#host;
    const work = requests.outlive()(begin);
    if (isChatRun(work)) void work.settled.then(requests.live.runs({ end: (reason) => work.cancel(reason) }));
    return work;
  }

  /**
   * The named `@LLMTool` methods, for the `tools` of a call.
   *
   * Throws: `invalid_request` for a name that no method has.
   */
  tools(...names: string[]): Tool[] {
    const { requests, tools } = this.#inApplication();
    const request = this.#request ?? requests.current;
    return tools.get(names, () => (request ?? requests.current)?.request);
  }

  /**
   * This service for one HTTP request: its calls are aborted when the client leaves, and carry the module's `scope`.
   * Inside a handler this is so anyway, unless the module has `context: false`.
   *
   * @param request - the request of Express or Fastify
   */
  forRequest(request: unknown): LLMService {
    const host = this.#inApplication();
    const known = host.requests.of(request);
    const scope = host.requests.scopeOf(this.client)?.(known.request);
    const signals = [...known.signals, scope?.signal].filter((signal) => signal !== undefined);
    const ending = this.client.scope({ ...scope, signal: AbortSignal.any(signals) });
    return new LLMService(ending, host, known, scope === undefined ? this.client : this.client.scope(scope));
  }

  #cold<T>(open: () => Stoppable<T>, openWhole?: () => Stoppable<unknown>): Observable<T> {
    const inRequest = this.#host?.requests.bind() ?? ((fn) => fn());
    return new StreamObservable(() => inRequest(open), openWhole && (() => inRequest(openWhole)));
  }

  #inApplication(): LLMServiceHost {
    if (this.#host !== undefined) return this.#host;
    throw new InvalidRequestError("invalid_request", "this LLMService was made by hand and knows of no application", {
      hint: "inject it from LLMModule or LLMTestingModule",
    });
  }
}

function stoppable<T>(values: AsyncIterable<T>, stream: { abort(reason?: unknown): void }): Stoppable<T> {
  return {
    [Symbol.asyncIterator]: () => values[Symbol.asyncIterator](),
    abort: (reason) => stream.abort(reason),
  };
}

function isChatRun(work: unknown): work is Pick<ChatRun, "cancel" | "settled"> {
  const { cancel, settled } = (work ?? {}) as Partial<ChatRun>;
  return typeof cancel === "function" && settled instanceof Promise;
}
