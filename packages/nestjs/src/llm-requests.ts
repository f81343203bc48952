import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { type BeforeApplicationShutdown, Injectable, type OnModuleDestroy } from "@nestjs/common";
import { InvalidRequestError, type LimitStore, type LLM, type ScopeOptions } from "@signalbox/core";
import { type FrameworkRequest, HttpRequest, rawRequest } from "./http-request.js";
import { LiveStreamsAndRuns } from "./live-work.js";
import type { RequestScope } from "./llm-module-options.js";
import { isJoint } from "./rx/joint-run.js";

/** What interceptors have added to the calls of a client. */
interface HeldScope {
  client: LLM;
  scope: ScopeOptions;
}

/** Knows which HTTP request the code that asks is running for. */
@Injectable()
export class LLMRequests implements OnModuleDestroy, BeforeApplicationShutdown {
  /** What is waited for, and then ended, when the application shuts down. */
  readonly live = new LiveStreamsAndRuns();
  readonly #followed = new Set<LLM>();
  readonly #scopes = new Map<LLM, RequestScope>();
  readonly #limitStores = new Map<LLM, LimitStore>();
  readonly #current = new AsyncLocalStorage<HttpRequest>();
  readonly #held = new AsyncLocalStorage<readonly HeldScope[]>();
  readonly #outside = new AsyncResource("signalbox.LLMRequests");

  /** The grace begins, together with that of the clients. */
  onModuleDestroy(): void {
    void this.live.drain();
  }

  /** The last hook before the HTTP server closes, which would cut streams off or wait for their clients. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.live.drain();
  }

  /** Aborts every call of `client` that is made inside a request with it. */
  follow(client: LLM): void {
    this.#followed.add(client);
  }

  /** Remembers what calls of `client` carry when they are made for a request. */
  setScope(client: LLM, scope: RequestScope): void {
    this.#scopes.set(client, scope);
  }

  scopeOf(client: LLM): RequestScope | undefined {
    return this.#scopes.get(client);
  }

  /** Remembers where the limits of `client` are counted. */
  setLimitStore(client: LLM, store: LimitStore): void {
    this.#limitStores.set(client, store);
  }

  limitStoreOf(client: LLM): LimitStore | undefined {
    return this.#limitStores.get(client);
  }

  get current(): HttpRequest | undefined {
    return this.#current.getStore();
  }

  /** Runs the rest of a request, `next`, in its context; a second time only where that was lost on the way. */
  enter(request: object, response: object, next: () => void): void {
    const entered = this.#remember(request, response);
    const isInside = this.#followed.size === 0 || this.current === entered;
    if (isInside) next();
    else this.#current.run(entered, () => entered.run(next));
  }

  /**
   * What is known of a request of Express or Fastify, or of Node itself.
   *
   * Throws: `invalid_request` for anything else.
   */
  of(request: unknown): HttpRequest {
    if (typeof request === "object" && request !== null) {
      const raw = rawRequest(request);
      const response = HttpRequest.of(raw)?.response ?? (raw as { res?: object | null }).res;
      if (response) return this.#remember(request, response);
    }
    throw new InvalidRequestError("invalid_request", "this is not an HTTP request that LLMModule has seen", {
      hint: "pass the request of the handler that is running, in an application that imports LLMModule",
    });
  }

  /** Runs a handler whose calls carry `scope`, also where no HTTP request is behind it. */
  hold<T>(client: LLM, scope: ScopeOptions, fn: () => T): T {
    const held = [...(this.#held.getStore() ?? []), { client, scope }];
    return this.#held.run(held, () => client.run(scope, fn));
  }

  /** Binds to the request whose code asks now; what is asked for outside of one runs where it is called. */
  bind(): <T>(fn: () => T) => T {
    const isOutside = this.current === undefined && this.#held.getStore() === undefined;
    if (isOutside) return (fn) => fn();
    const inside = AsyncLocalStorage.snapshot();
    const beyond = this.outlive();
    return (fn) => (isJoint() ? beyond(fn) : inside(fn));
  }

  /** Binds to what calls are charged to here, for work that goes on when the request is over. */
  outlive(): <T>(fn: () => T) => T {
    const held = this.#held.getStore() ?? [];
    return <T>(fn: () => T) => {
      const charged = held.reduceRight<() => T>(
        (inner, { client, scope }) =>
          () =>
            this.hold(client, scope, inner),
        fn,
      );
      return this.#outside.runInAsyncScope(charged);
    };
  }

  #remember(request: object, response: object): HttpRequest {
    const raw = rawRequest(request);
    const known = HttpRequest.of(raw) ?? new HttpRequest(request, response, this.#followed, this.live);
    // Middleware of Fastify sees Node's request; dependency injection goes by Fastify's own.
    if (request !== raw) known.request = request as FrameworkRequest;
    return known;
  }
}
